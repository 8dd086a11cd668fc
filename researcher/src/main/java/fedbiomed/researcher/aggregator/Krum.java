package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Krum and multi-Krum (Blanchard et al., "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent", NeurIPS
 * 2017): each of {@code n} updates is scored by its squared distances to the {@code n - f - 2} nearest others; the one with
 * the lowest score is the next model, or the mean of the {@code keep} lowest. Samples do not count.
 *
 * @param hostile {@code f}, how many participants may be hostile; a round needs at least {@code 2 f + 3} answers; 1 unless
 *     said
 * @param keep 1 for Krum; 0 for multi-Krum with {@code n - f - 2}
 */
public record Krum(int hostile, int keep) implements Aggregator {
    public static final String NAME = "krum";
    public static final String MULTI_NAME = "multi_krum";
    static final String HOSTILE = "hostile";
    static final String KEEP = "keep";
    private static final int UNCOUNTED = 2;

    public Krum {
        Argument.require(hostile >= 0, HOSTILE, "at least 0", hostile);
        Argument.require(keep >= 0, KEEP, "at least 1", keep);
    }

    public static Krum krum(int hostile) {
        return new Krum(hostile, 1);
    }

    public static Krum multiKrum(int hostile) {
        return new Krum(hostile, 0);
    }

    static Krum of(Args arguments) {
        return krum(arguments.integer(HOSTILE, 1));
    }

    static Krum multiOf(Args arguments) {
        return new Krum(arguments.integer(HOSTILE, 1), arguments.integer(KEEP, 0));
    }

    @Override
    public String name() {
        return keep == 1 ? NAME : MULTI_NAME;
    }

    @Override
    public Args arguments() {
        var arguments = new TreeMap<String, Object>(Map.of(HOSTILE, hostile));
        if (keep > 1) {
            arguments.put(KEEP, keep);
        }
        return new Args(arguments);
    }

    @Override
    public Args aggregate(AggregationRound round) {
        int updates = round.updates().size();
        int near = updates - hostile - UNCOUNTED;
        if (updates < 2 * hostile + UNCOUNTED + 1) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "krum with hostile " + hostile + " needs at least " + (2 * hostile + UNCOUNTED + 1)
                            + " updates, and there are " + updates
                            + "; ask more participants, or lower aggregator.hostile");
        }
        int kept = keep == 0 ? near : keep;
        if (kept > updates - hostile) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "multi_krum is to keep " + kept + " of " + updates + " updates, of which " + hostile
                            + " may be hostile; lower aggregator.keep");
        }
        var weights = new double[updates];
        for (int best : lowest(scores(Distances.betweenUpdates(round), near), kept)) {
            weights[best] = 1;
        }
        round.fold(view -> view.mean(weights, view.next()));
        return Args.NONE;
    }

    private static double[] scores(double[][] distances, int near) {
        var scores = new double[distances.length];
        for (int u = 0; u < scores.length; u++) {
            var others = distances[u].clone();
            // its distance to itself is no neighbour's
            others[u] = Double.NEGATIVE_INFINITY;
            Arrays.sort(others);
            for (int i = 1; i <= near; i++) {
                scores[u] += others[i];
            }
        }
        return scores;
    }

    private static int[] lowest(double[] scores, int count) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer u) -> scores[u]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
