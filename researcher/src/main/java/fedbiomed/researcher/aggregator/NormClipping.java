package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.util.Map;

/**
 * The mean of changes that are shortened to a largest norm: {@code x <- x + mean((y_i - x) min(1, c / ||y_i - x||))} (Sun et
 * al., "Can You Really Backdoor Federated Learning?", 2019). Bounds what one participant can do in a round, and what many
 * rounds of it add up to it does not.
 *
 * @param maxNorm {@code c}, Euclidean over all floating tensors, over 0; must be given
 * @param weighting of the mean; samples unless said
 */
public record NormClipping(double maxNorm, Weighting weighting) implements Aggregator {
    public static final String NAME = "norm_clipping";
    static final String MAX_NORM = "max_norm";

    public NormClipping {
        Argument.requirePositive(MAX_NORM, maxNorm);
    }

    static NormClipping of(Args arguments) {
        return new NormClipping(arguments.real(MAX_NORM, 0), Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(MAX_NORM, maxNorm, Weighting.ARGUMENT, weighting.text()));
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var factors = weighting.shares(round.updates());
        var norms = Distances.fromGlobal(round);
        for (int u = 0; u < factors.length; u++) {
            factors[u] *= norms[u] > maxNorm ? maxNorm / norms[u] : 1;
        }
        round.fold(view -> view.move(factors, view.next()));
        return Args.NONE;
    }
}
