/**
 * The node's commands, one small class a subcommand; the executable mounts {@code NodeCommand}. They read and change
 * the state of a home folder, whether its node runs or not. Exit codes: 0 done, 1 failed, 2 wrong usage.
 */
@NullMarked
package fedbiomed.node.command;

import org.jspecify.annotations.NullMarked;
