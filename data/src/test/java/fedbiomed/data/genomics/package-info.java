@NullMarked
package fedbiomed.data.genomics;

import org.jspecify.annotations.NullMarked;
