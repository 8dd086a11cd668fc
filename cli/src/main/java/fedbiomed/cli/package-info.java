/** The one executable: mounts each party's commands; demo, doctor. */
@NullMarked
package fedbiomed.cli;

import org.jspecify.annotations.NullMarked;
