package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Server optimizers with a step size for every element: FedAdagrad, FedAdam and FedYogi (Reddi et al., "Adaptive Federated
 * Optimization", ICLR 2021, algorithm 2). With {@code d = mean(y_i) - x}: {@code m <- beta_1 m + (1 - beta_1) d}; {@code v}
 * by {@link Second}; {@code x <- x + eta_g m / (sqrt(v) + tau)}. {@code v} begins at {@code tau^2}; no bias is corrected, as
 * in the paper. Remembers {@code m} and {@code v}.
 *
 * @param beta1 of FedAdagrad 0, of the others 0.9 unless said
 * @param beta2 0.99 unless said; FedAdagrad has none
 * @param tau how adaptive it is, over 0; 0.001 unless said
 * @param serverLearningRate {@code eta_g}; 0.1 unless said
 * @param weighting of the mean; samples unless said
 */
public record AdaptiveFedOpt(
        Second second, double beta1, double beta2, double tau, double serverLearningRate, Weighting weighting)
        implements Aggregator {
    static final String BETA_1 = "beta_1";
    static final String BETA_2 = "beta_2";
    static final String TAU = "tau";
    private static final String M = "m";
    private static final String V = "v";
    private static final double DEFAULT_BETA_1 = 0.9;
    private static final double DEFAULT_BETA_2 = 0.99;
    private static final double DEFAULT_TAU = 1e-3;
    private static final double DEFAULT_RATE = 0.1;

    /** How squares are remembered. */
    public enum Second {
        /** {@code v + d^2}. */
        FEDADAGRAD {
            @Override
            double next(double v, double square, double beta2) {
                return v + square;
            }
        },
        /** {@code beta_2 v + (1 - beta_2) d^2}. */
        FEDADAM {
            @Override
            double next(double v, double square, double beta2) {
                return beta2 * v + (1 - beta2) * square;
            }
        },
        /** {@code v - (1 - beta_2) d^2 sign(v - d^2)}. */
        FEDYOGI {
            @Override
            double next(double v, double square, double beta2) {
                return v - (1 - beta2) * square * Math.signum(v - square);
            }
        };

        abstract double next(double v, double square, double beta2);

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public AdaptiveFedOpt {
        Argument.requireDecay(BETA_1, beta1);
        Argument.requireDecay(BETA_2, beta2);
        Argument.requirePositive(TAU, tau);
        Argument.requirePositive(Argument.SERVER_LEARNING_RATE, serverLearningRate);
    }

    public static AdaptiveFedOpt fedAdagrad(double serverLearningRate) {
        return new AdaptiveFedOpt(
                Second.FEDADAGRAD, 0, DEFAULT_BETA_2, DEFAULT_TAU, serverLearningRate, Weighting.SAMPLES);
    }

    public static AdaptiveFedOpt fedAdam(double serverLearningRate) {
        return new AdaptiveFedOpt(
                Second.FEDADAM, DEFAULT_BETA_1, DEFAULT_BETA_2, DEFAULT_TAU, serverLearningRate, Weighting.SAMPLES);
    }

    public static AdaptiveFedOpt fedYogi(double serverLearningRate) {
        return new AdaptiveFedOpt(
                Second.FEDYOGI, DEFAULT_BETA_1, DEFAULT_BETA_2, DEFAULT_TAU, serverLearningRate, Weighting.SAMPLES);
    }

    static AdaptiveFedOpt of(Second second, Args arguments) {
        return new AdaptiveFedOpt(
                second,
                arguments.real(BETA_1, second == Second.FEDADAGRAD ? 0 : DEFAULT_BETA_1),
                arguments.real(BETA_2, DEFAULT_BETA_2),
                arguments.real(TAU, DEFAULT_TAU),
                arguments.real(Argument.SERVER_LEARNING_RATE, DEFAULT_RATE),
                Weighting.in(arguments, Weighting.SAMPLES));
    }

    @Override
    public String name() {
        return second.text();
    }

    @Override
    public Args arguments() {
        var arguments = new java.util.TreeMap<String, Object>(Map.of(
                BETA_1,
                beta1,
                TAU,
                tau,
                Argument.SERVER_LEARNING_RATE,
                serverLearningRate,
                Weighting.ARGUMENT,
                weighting.text()));
        if (second != Second.FEDADAGRAD) {
            arguments.put(BETA_2, beta2);
        }
        return new Args(arguments);
    }

    @Override
    public List<String> stateVectors() {
        return List.of(M, V);
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weighting.of(round.updates());
        boolean first = !round.state().has(V);
        round.foldTrained(view -> {
            var next = view.next();
            var global = view.global();
            var oldM = view.state(M);
            var oldV = view.state(V);
            var m = view.nextState(M);
            var v = view.nextState(V);
            view.mean(weights, next);
            for (int i = 0; i < view.size(); i++) {
                double change = next[i] - global[i];
                m[i] = beta1 * oldM[i] + (1 - beta1) * change;
                v[i] = second.next(first ? tau * tau : oldV[i], change * change, beta2);
                next[i] = global[i] + serverLearningRate * m[i] / (Math.sqrt(v[i]) + tau);
            }
        });
        return new Args(Map.of(V, true));
    }
}
