@NullMarked
package fedbiomed.data.idx;

import org.jspecify.annotations.NullMarked;
