package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.List;
import java.util.Map;

/**
 * FedDyn (Acar et al., "Federated Learning Based on Dynamic Regularization", ICLR 2021): nodes add {@code alpha (w - x) -
 * h_i} to every gradient, and keep {@code h_i <- h_i - alpha (y_i - x)}. With the answers S of N participants: {@code h <- h
 * - alpha/N sum(y_i - x)}, {@code x <- mean(y_i) - h/alpha}. Remembers {@code h}.
 *
 * @param alpha over 0; 0.01 unless said
 */
public record FedDyn(double alpha) implements Aggregator {
    public static final String NAME = "feddyn";
    static final String ALPHA = "alpha";
    static final double DEFAULT_ALPHA = 0.01;
    private static final String H = "h";

    public FedDyn {
        Argument.requirePositive(ALPHA, alpha);
    }

    static FedDyn of(Args arguments) {
        return new FedDyn(arguments.real(ALPHA, DEFAULT_ALPHA));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(ALPHA, alpha));
    }

    @Override
    public TrainingArgs forNodes(TrainingArgs asked) {
        return Argument.corrected(asked, NAME, Map.of(ALPHA, alpha));
    }

    @Override
    public List<String> stateVectors() {
        return List.of(H);
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = Weighting.UNIFORM.of(round.updates());
        double answered = round.updates().size() / (double) round.participants();
        round.foldTrained(view -> {
            var next = view.next();
            var global = view.global();
            var before = view.state(H);
            var h = view.nextState(H);
            view.mean(weights, next);
            for (int i = 0; i < view.size(); i++) {
                h[i] = before[i] - alpha * answered * (next[i] - global[i]);
                next[i] -= h[i] / alpha;
            }
        });
        return Args.NONE;
    }
}
