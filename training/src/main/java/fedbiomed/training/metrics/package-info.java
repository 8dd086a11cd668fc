/** What a test is summed up in, and the metrics that such sums give. Knows no model, no plan and no data. */
@NullMarked
package fedbiomed.training.metrics;

import org.jspecify.annotations.NullMarked;
