/**
 * Signals: recordings of several channels ({@link fedbiomed.data.signal.Recording}) with annotations, and windows of
 * fixed length from them ({@link fedbiomed.data.signal.Windows}), resampled to one rate. A format's reader is a package
 * of its own ({@code edf}, {@code wfdb}). Who was recorded and when is never read.
 */
@NullMarked
package fedbiomed.data.signal;

import org.jspecify.annotations.NullMarked;
