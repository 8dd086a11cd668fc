@NullMarked
package fedbiomed.simulation;

import org.jspecify.annotations.NullMarked;
