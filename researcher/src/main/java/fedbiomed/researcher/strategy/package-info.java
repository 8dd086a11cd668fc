/**
 * Whom a round asks, and when it is complete. Decides on what it is shown and does nothing itself: no message, no file,
 * no clock.
 */
@NullMarked
package fedbiomed.researcher.strategy;

import org.jspecify.annotations.NullMarked;
