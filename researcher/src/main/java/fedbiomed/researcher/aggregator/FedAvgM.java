package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.util.List;
import java.util.Map;

/**
 * Federated averaging with server momentum: with {@code d = mean(y_i) - x}, {@code v <- beta v + d}, {@code x <- x + eta_g
 * v} (Hsu, Qi and Brown, "Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification",
 * 2019). Remembers {@code v}.
 *
 * @param momentum {@code beta}; 0.9 unless said
 * @param serverLearningRate {@code eta_g}; 1 unless said
 * @param weighting of the mean; samples unless said
 */
public record FedAvgM(double momentum, double serverLearningRate, Weighting weighting) implements Aggregator {
    public static final String NAME = "fedavgm";
    static final String MOMENTUM = "momentum";
    private static final String VELOCITY = "velocity";
    private static final double DEFAULT_MOMENTUM = 0.9;

    public FedAvgM {
        Argument.requireDecay(MOMENTUM, momentum);
        Argument.requirePositive(Argument.SERVER_LEARNING_RATE, serverLearningRate);
    }

    public FedAvgM() {
        this(DEFAULT_MOMENTUM, 1, Weighting.SAMPLES);
    }

    static FedAvgM of(Args arguments) {
        return new FedAvgM(
                arguments.real(MOMENTUM, DEFAULT_MOMENTUM),
                arguments.real(Argument.SERVER_LEARNING_RATE, 1),
                Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(
                MOMENTUM,
                momentum,
                Argument.SERVER_LEARNING_RATE,
                serverLearningRate,
                Weighting.ARGUMENT,
                weighting.text()));
    }

    @Override
    public List<String> stateVectors() {
        return List.of(VELOCITY);
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weighting.of(round.updates());
        round.foldTrained(view -> {
            var next = view.next();
            var global = view.global();
            var before = view.state(VELOCITY);
            var velocity = view.nextState(VELOCITY);
            view.mean(weights, next);
            for (int i = 0; i < view.size(); i++) {
                velocity[i] = momentum * before[i] + next[i] - global[i];
                next[i] = global[i] + serverLearningRate * velocity[i];
            }
        });
        return Args.NONE;
    }
}
