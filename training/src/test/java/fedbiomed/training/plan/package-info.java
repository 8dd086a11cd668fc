@NullMarked
package fedbiomed.training.plan;

import org.jspecify.annotations.NullMarked;
