/**
 * EDF (Kemp et al. 1992), EDF+ (Kemp and Olivan 2003; contiguous and discontinuous) and BioSemi's 24 bit BDF and BDF+.
 * Start at {@link fedbiomed.data.signal.edf.EdfFile}.
 */
@NullMarked
package fedbiomed.data.signal.edf;

import org.jspecify.annotations.NullMarked;
