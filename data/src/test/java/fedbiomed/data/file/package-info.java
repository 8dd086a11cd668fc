@NullMarked
package fedbiomed.data.file;

import org.jspecify.annotations.NullMarked;
