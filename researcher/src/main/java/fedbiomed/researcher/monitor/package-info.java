/**
 * What other programs read of a run while it goes on: event files for TensorBoard. Knows files and numbers, and nothing of
 * experiments.
 */
@NullMarked
package fedbiomed.researcher.monitor;

import org.jspecify.annotations.NullMarked;
