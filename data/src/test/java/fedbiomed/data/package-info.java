@NullMarked
package fedbiomed.data;

import org.jspecify.annotations.NullMarked;
