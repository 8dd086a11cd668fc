package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a round's updates become the next global parameters, and what is remembered until the next round. Updates are
 * memory-mapped files in the participants' order, so the result does not depend on who answered first, and the heap grows
 * neither with the model nor with their number.
 *
 * <p>Beside the global parameters nothing goes to a participant yet; control variates will be a method here.
 */
public interface Aggregator {
    /** What files and commands call it; {@link Aggregators} finds it by that. */
    String name();

    /** Its arguments as {@code experiment.yaml} holds them. */
    Args arguments();

    /**
     * Folds a round. Must not change the files given, and must give the same bytes for the same files.
     *
     * @param global the parameters that the round started from
     * @param updates at least one, in the participants' order; structure and finiteness were checked when they came
     * @param before the state that the round before left, {@link AggregatorState#NONE} before the first
     * @param metadata of the file to be written
     * @param next where the next global parameters are to be written
     * @return what the next round needs to know
     */
    AggregatorState aggregate(
            Path global, List<Update> updates, AggregatorState before, Map<String, String> metadata, Path next);
}
