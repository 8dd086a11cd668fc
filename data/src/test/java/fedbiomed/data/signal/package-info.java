@NullMarked
package fedbiomed.data.signal;

import org.jspecify.annotations.NullMarked;
