/**
 * What the node must not forget, in SQLite: the database itself, its schema's versions, the journal of requests (for
 * simulations there is one in memory), and what trainings leave for later ones. It knows nothing of datasets' files,
 * workers or connections.
 */
@NullMarked
package fedbiomed.node.state;

import org.jspecify.annotations.NullMarked;
