/** The Network's commands. Each is a thin reading of its options over {@link fedbiomed.network.Network}. */
@NullMarked
package fedbiomed.network.command;

import org.jspecify.annotations.NullMarked;
