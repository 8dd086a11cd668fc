@NullMarked
package fedbiomed.data.dicom;

import org.jspecify.annotations.NullMarked;
