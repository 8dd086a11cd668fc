/**
 * What the data manager decides about: the datasets that this node shares and the training plans that may run on them.
 * It knows nothing of requests, workers or connections.
 */
@NullMarked
package fedbiomed.node.registry;

import org.jspecify.annotations.NullMarked;
