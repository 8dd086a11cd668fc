/**
 * What the node must not forget, in SQLite: the database itself, its schema's versions, and the journal of requests, and what trainings leave for later ones. It
 * knows nothing of datasets' files, workers or connections.
 */
@NullMarked
package fedbiomed.node.state;

import org.jspecify.annotations.NullMarked;
