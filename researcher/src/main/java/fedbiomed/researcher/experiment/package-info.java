/**
 * An experiment: its arguments, its folder, and its rounds, from the question to the nodes to the next global model. How
 * updates are folded and when a round is complete is said elsewhere (aggregator, strategy).
 */
@NullMarked
package fedbiomed.researcher.experiment;

import org.jspecify.annotations.NullMarked;
