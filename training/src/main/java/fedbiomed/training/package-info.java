/** What a scientist writes (TrainingPlan) and what carries it out (engines, worker). Has no way to speak to the world: it may not import protocol. */
@NullMarked
package fedbiomed.training;

import org.jspecify.annotations.NullMarked;
