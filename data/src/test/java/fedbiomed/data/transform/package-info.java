@NullMarked
package fedbiomed.data.transform;

import org.jspecify.annotations.NullMarked;
