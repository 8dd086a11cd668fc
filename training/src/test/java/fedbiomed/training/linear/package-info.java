@NullMarked
package fedbiomed.training.linear;

import org.jspecify.annotations.NullMarked;
