@NullMarked
package fedbiomed.training;

import org.jspecify.annotations.NullMarked;
