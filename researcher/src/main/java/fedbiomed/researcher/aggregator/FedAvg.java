package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.util.Map;

/**
 * Federated averaging: {@code x <- sum(n_i y_i) / sum(n_i)} (McMahan et al., "Communication-Efficient Learning of Deep
 * Networks from Decentralized Data", AISTATS 2017).
 *
 * @param weighting what {@code n_i} is; samples unless said
 */
public record FedAvg(Weighting weighting) implements Aggregator {
    public static final String NAME = "fedavg";

    public FedAvg() {
        this(Weighting.SAMPLES);
    }

    static FedAvg of(Args arguments) {
        return new FedAvg(Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return weighting == Weighting.SAMPLES ? Args.NONE : new Args(Map.of(Weighting.ARGUMENT, weighting.text()));
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weighting.of(round.updates());
        round.fold(view -> view.mean(weights, view.next()));
        return Args.NONE;
    }
}
