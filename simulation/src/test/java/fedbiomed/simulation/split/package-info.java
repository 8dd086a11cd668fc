@NullMarked
package fedbiomed.simulation.split;

import org.jspecify.annotations.NullMarked;
