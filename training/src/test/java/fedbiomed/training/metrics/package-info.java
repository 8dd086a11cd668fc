@NullMarked
package fedbiomed.training.metrics;

import org.jspecify.annotations.NullMarked;
