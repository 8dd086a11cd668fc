/** How one dataset is shared out over nodes: evenly, or as unlike as hospitals' data are. */
@NullMarked
package fedbiomed.simulation.split;

import org.jspecify.annotations.NullMarked;
