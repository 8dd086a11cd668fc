/** The Node: dataset and plan registries, rounds, workers. May not import researcher. */
@NullMarked
package fedbiomed.node;

import org.jspecify.annotations.NullMarked;
