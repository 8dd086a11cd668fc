/** The one executable: mounts each party's commands; doctor. Each party's commands live in its own room. */
@NullMarked
package fedbiomed.cli;

import org.jspecify.annotations.NullMarked;
