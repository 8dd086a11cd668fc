/** FedProx's own experiment, repeated: synthetic devices that are unlike, and some that do not get done. */
@NullMarked
package fedbiomed.simulation.fedprox;

import org.jspecify.annotations.NullMarked;
