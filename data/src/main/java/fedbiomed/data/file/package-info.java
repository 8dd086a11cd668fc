/**
 * Files as they lie: opened, bounded, checked, and how an error names them. Start at
 * {@link fedbiomed.data.file.ByteFile} (read by position) or {@link fedbiomed.data.file.ByteLines} (line by line, gzip
 * or not). Knows no format.
 */
@NullMarked
package fedbiomed.data.file;

import org.jspecify.annotations.NullMarked;
