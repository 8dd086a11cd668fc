@NullMarked
package fedbiomed.data.volume;

import org.jspecify.annotations.NullMarked;
