@NullMarked
package fedbiomed.data.signal.wfdb;

import org.jspecify.annotations.NullMarked;
