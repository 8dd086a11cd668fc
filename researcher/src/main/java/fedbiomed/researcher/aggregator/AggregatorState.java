package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.Args;

/**
 * What an aggregator remembers from one round to the next; part of the breakpoint.
 *
 * @param values kept in {@code state.json}
 * @param tensors kept in {@code state.safetensors}; views of a mapped file when given back
 */
public record AggregatorState(Args values, Parameters tensors) {
    public static final AggregatorState NONE =
            new AggregatorState(Args.NONE, Parameters.builder().build());
}
