/** The researcher's commands, one small class each; the executable mounts them. Nothing is decided here. */
@NullMarked
package fedbiomed.researcher.command;

import org.jspecify.annotations.NullMarked;
