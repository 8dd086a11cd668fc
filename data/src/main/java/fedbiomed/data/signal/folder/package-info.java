/**
 * The dataset kind of signals: start at {@link fedbiomed.data.signal.folder.SignalFolder}. Apart from
 * {@code fedbiomed.data.signal}, which knows no format.
 */
@NullMarked
package fedbiomed.data.signal.folder;

import org.jspecify.annotations.NullMarked;
