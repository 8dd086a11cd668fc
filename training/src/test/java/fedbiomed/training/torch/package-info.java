@NullMarked
package fedbiomed.training.torch;

import org.jspecify.annotations.NullMarked;
