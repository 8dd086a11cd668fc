@NullMarked
package fedbiomed.data.signal.folder;

import org.jspecify.annotations.NullMarked;
