@NullMarked
package fedbiomed.data.image;

import org.jspecify.annotations.NullMarked;
