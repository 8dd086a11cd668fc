package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Map;

/**
 * FedProx: nodes add {@code mu (w - x)} to every gradient, which holds them near the global {@code x}; their updates are
 * averaged (Li et al., "Federated Optimization in Heterogeneous Networks", MLSys 2020).
 *
 * @param mu at least 0
 * @param weighting of the mean; samples unless said
 */
public record FedProx(double mu, Weighting weighting) implements Aggregator {
    public static final String NAME = "fedprox";
    static final String MU = "mu";
    static final double DEFAULT_MU = 0.01;

    public FedProx {
        Argument.require(mu >= 0 && Double.isFinite(mu), MU, "a finite number of at least 0", mu);
    }

    public FedProx(double mu) {
        this(mu, Weighting.SAMPLES);
    }

    static FedProx of(Args arguments) {
        return new FedProx(arguments.real(MU, DEFAULT_MU), Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(MU, mu, Weighting.ARGUMENT, weighting.text()));
    }

    @Override
    public TrainingArgs forNodes(TrainingArgs asked) {
        if (asked.fedproxMu() != 0 && asked.fedproxMu() != mu) {
            throw new IllegalArgumentException("training_args.fedprox_mu is " + asked.fedproxMu()
                    + " and aggregator.mu is " + mu + "; leave fedprox_mu out, the aggregator sets it");
        }
        return asked.toBuilder().fedproxMu(mu).build();
    }

    @Override
    public Args aggregate(AggregationRound round) {
        return new FedAvg(weighting).aggregate(round);
    }
}
