/** What a dataset is: kinds, readers, splits, federated statistics. Knows nothing of models. */
@NullMarked
package fedbiomed.data;

import org.jspecify.annotations.NullMarked;
