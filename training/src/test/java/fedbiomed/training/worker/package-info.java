@NullMarked
package fedbiomed.training.worker;

import org.jspecify.annotations.NullMarked;
