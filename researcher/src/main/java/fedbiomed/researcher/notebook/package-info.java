/** What a notebook shows of datasets and experiments: tables and curves. It belongs to no kernel; nobody imports it. */
@NullMarked
package fedbiomed.researcher.notebook;

import org.jspecify.annotations.NullMarked;
