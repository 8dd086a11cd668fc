/**
 * What the node must not forget, in SQLite: the database itself, its schema's versions, and the journal of requests. It
 * knows nothing of datasets' files, workers or connections.
 */
@NullMarked
package fedbiomed.node.state;

import org.jspecify.annotations.NullMarked;
