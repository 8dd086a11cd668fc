/**
 * The process beside the node that runs a stranger's plan: what goes in and out of it, and its main loop. It knows no
 * transport and no registry; it is handed files and returns files, scalars and sums.
 */
@NullMarked
package fedbiomed.training.worker;

import org.jspecify.annotations.NullMarked;
