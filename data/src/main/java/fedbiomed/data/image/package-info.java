/** Folders of photographs and scans in the usual image formats. */
@NullMarked
package fedbiomed.data.image;

import org.jspecify.annotations.NullMarked;
