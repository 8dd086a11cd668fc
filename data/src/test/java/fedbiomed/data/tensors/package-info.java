@NullMarked
package fedbiomed.data.tensors;

import org.jspecify.annotations.NullMarked;
