package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import java.util.Map;

/**
 * The geometric median of the updates, the point with the smallest sum of weighted distances to them: robust federated
 * aggregation, RFA (Pillutla, Kakade and Harchaoui, "Robust Aggregation for Federated Learning", IEEE Transactions on
 * Signal Processing 2022), by the smoothed Weiszfeld algorithm. Holds while less than half of the weight is hostile.
 *
 * @param iterations at most so many, at least 1; 100 unless said: it ends when no weight changes by more than 1e-12
 * @param smoothing distances below it count as it, over 0; 1e-6 unless said
 * @param weighting uniform unless said: what a hostile participant says of its samples then has no weight
 */
public record GeometricMedian(int iterations, double smoothing, Weighting weighting) implements Aggregator {
    public static final String NAME = "geometric_median";
    static final String ITERATIONS = "iterations";
    static final String SMOOTHING = "smoothing";
    private static final int DEFAULT_ITERATIONS = 100;
    private static final double DEFAULT_SMOOTHING = 1e-6;
    private static final double SETTLED = 1e-12;

    public GeometricMedian {
        Argument.require(iterations >= 1, ITERATIONS, "at least 1", iterations);
        Argument.requirePositive(SMOOTHING, smoothing);
    }

    public GeometricMedian() {
        this(DEFAULT_ITERATIONS, DEFAULT_SMOOTHING, Weighting.UNIFORM);
    }

    static GeometricMedian of(Args arguments) {
        return new GeometricMedian(
                arguments.integer(ITERATIONS, DEFAULT_ITERATIONS),
                arguments.real(SMOOTHING, DEFAULT_SMOOTHING),
                Weighting.in(arguments, Weighting.UNIFORM));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(ITERATIONS, iterations, SMOOTHING, smoothing, Weighting.ARGUMENT, weighting.text()));
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weights(Distances.betweenUpdates(round), weighting.of(round.updates()));
        round.fold(view -> view.mean(weights, view.next()));
        return Args.NONE;
    }

    /**
     * Every iterate is a mean of the updates, so that its distances to them follow from theirs among each other: {@code
     * ||sum_j a_j y_j - y_i||^2 = sum_j a_j d_ij - 1/2 sum_jk a_j a_k d_jk}, with {@code sum_j a_j = 1}. The models are
     * read once, however many iterations there are.
     */
    private double[] weights(double[][] squares, double[] given) {
        var a = Weighting.shares(given);
        for (int iteration = 0; iteration < iterations; iteration++) {
            var toUpdates = new double[a.length];
            double spread = 0;
            for (int i = 0; i < a.length; i++) {
                for (int j = 0; j < a.length; j++) {
                    toUpdates[i] += a[j] * squares[i][j];
                }
                spread += a[i] * toUpdates[i];
            }
            var next = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                double distance = Math.sqrt(Math.max(0, toUpdates[i] - spread / 2));
                next[i] = given[i] / Math.max(smoothing, distance);
            }
            next = Weighting.shares(next);
            double change = 0;
            for (int i = 0; i < a.length; i++) {
                change = Math.max(change, Math.abs(next[i] - a[i]));
            }
            a = next;
            if (change < SETTLED) {
                break;
            }
        }
        return a;
    }
}
