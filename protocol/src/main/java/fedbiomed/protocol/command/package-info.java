/**
 * What the commands of all parties share: one base class, one voice for errors, one set of exit codes, one form of help.
 * Knows no party, and no command.
 */
@NullMarked
package fedbiomed.protocol.command;

import org.jspecify.annotations.NullMarked;
