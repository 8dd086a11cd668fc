/** Datasets as plans see them, whatever the files: where they lie, what they hold, and their samples. */
@NullMarked
package fedbiomed.data.source;

import org.jspecify.annotations.NullMarked;
