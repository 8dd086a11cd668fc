@NullMarked
package fedbiomed.data.nifti;

import org.jspecify.annotations.NullMarked;
