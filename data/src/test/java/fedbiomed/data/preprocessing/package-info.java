@NullMarked
package fedbiomed.data.preprocessing;

import org.jspecify.annotations.NullMarked;
