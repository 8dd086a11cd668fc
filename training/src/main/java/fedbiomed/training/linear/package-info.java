/**
 * Linear models in plain Java, for plans that begin with {@code import fedbiomed.training.linear.*;}. No native library
 * may be reached from here.
 */
@NullMarked
package fedbiomed.training.linear;

import org.jspecify.annotations.NullMarked;
