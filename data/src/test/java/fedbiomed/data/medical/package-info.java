@NullMarked
package fedbiomed.data.medical;

import org.jspecify.annotations.NullMarked;
