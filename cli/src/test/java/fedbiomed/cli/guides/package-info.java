/** The guides under {@code docs/}: their commands are typed, their code is compiled, the errors they explain exist. */
@NullMarked
package fedbiomed.cli.guides;

import org.jspecify.annotations.NullMarked;
