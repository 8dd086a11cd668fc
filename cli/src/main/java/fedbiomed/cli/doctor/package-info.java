/** {@code fedbiomed doctor}: looks at a machine and at the homes on it, and says what to do. Changes nothing. */
@NullMarked
package fedbiomed.cli.doctor;

import org.jspecify.annotations.NullMarked;
