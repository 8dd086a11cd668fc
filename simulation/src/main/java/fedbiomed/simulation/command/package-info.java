/** The command {@code fedbiomed simulate}. */
@NullMarked
package fedbiomed.simulation.command;

import org.jspecify.annotations.NullMarked;
