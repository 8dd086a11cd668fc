@NullMarked
package fedbiomed.data.signal.edf;

import org.jspecify.annotations.NullMarked;
