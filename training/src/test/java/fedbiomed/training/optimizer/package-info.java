@NullMarked
package fedbiomed.training.optimizer;

import org.jspecify.annotations.NullMarked;
