package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.List;

/**
 * How a round's updates become the next global parameters, what goes to the participants beside them, and what is
 * remembered until the next round. One's own is as good as those that are there: give it to the experiment's builder.
 */
public interface Aggregator {
    /** What files and commands call it; {@link Aggregators} finds it by that. */
    String name();

    /** Its arguments as {@code experiment.yaml} holds them. */
    Args arguments();

    /** Folds a round: calls {@link AggregationRound#fold} once. Must give the same bytes for the same files.
     *
     * @return numbers and texts that the next round's {@link AggregationRound#state} is to hold
     */
    Args aggregate(AggregationRound round);

    /**
     * What this aggregator needs done at the nodes while they train: a proximal term or a correction of gradients, say.
     *
     * @param asked the experiment's
     * @throws IllegalArgumentException if {@code asked} contradicts it, saying what to leave out
     */
    default TrainingArgs forNodes(TrainingArgs asked) {
        return asked;
    }

    /** Vectors of the model's floating tensors that are remembered; zeros before the first round. Part of the breakpoint. */
    default List<String> stateVectors() {
        return List.of();
    }

    /** Those of {@link #stateVectors} that go to the participants with the global parameters, in the same file. */
    default List<String> sentVectors() {
        return List.of();
    }

    /** Vectors that come back with each update, in the same file. They are only ever used in sums over the participants. */
    default List<String> receivedVectors() {
        return List.of();
    }
}
