package fedbiomed.training.metrics;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Pairs of test rows for F. Harrell's concordance index (JAMA 247, 1982), counted in O(n log n). A pair is comparable if
 * the shorter time ended with the event; of two equal times, if exactly one did, which then counts as the earlier.
 */
public final class SurvivalSums {
    private SurvivalSums() {}

    /**
     * @param targets as {@link SurvivalTime} has them
     * @param risks of the same rows: the higher, the sooner the event is expected
     */
    public static EvaluationSums of(double[] targets, double[] risks) {
        var order = new Integer[targets.length];
        Arrays.setAll(order, i -> i);
        // from the longest time on; of equal times those without event first, since they outlast the others
        Arrays.sort(order, (a, b) -> {
            int byTime = Double.compare(SurvivalTime.time(targets[b]), SurvivalTime.time(targets[a]));
            return byTime != 0
                    ? byTime
                    : Boolean.compare(SurvivalTime.isEvent(targets[a]), SurvivalTime.isEvent(targets[b]));
        });
        var ranks = new Ranks(risks);
        double concordant = 0;
        double tied = 0;
        double comparable = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            // rows that are alike in time and event are not compared with each other
            while (to < order.length
                    && targets[order[to]] == targets[order[from]]
                    && SurvivalTime.isEvent(targets[order[to]]) == SurvivalTime.isEvent(targets[order[from]])) {
                to++;
            }
            for (int i = from; i < to; i++) {
                if (SurvivalTime.isEvent(targets[order[i]])) {
                    double risk = risks[order[i]];
                    concordant += ranks.below(risk);
                    tied += ranks.upTo(risk) - ranks.below(risk);
                    comparable += ranks.size();
                }
            }
            for (int i = from; i < to; i++) {
                ranks.add(risks[order[i]]);
            }
            from = to;
        }
        var sums = new TreeMap<String, double[]>();
        sums.put(SumNames.CONCORDANT_PAIRS, new double[] {concordant});
        sums.put(SumNames.TIED_PAIRS, new double[] {tied});
        sums.put(SumNames.COMPARABLE_PAIRS, new double[] {comparable});
        return new EvaluationSums(SumNames.SURVIVAL, List.of(), targets.length, sums);
    }

    /** How many of the values added so far are below another: P. Fenwick's tree (1994). */
    private static final class Ranks {
        private final double[] sorted;
        private final long[] tree;
        private long size;

        Ranks(double[] values) {
            sorted = Arrays.stream(values)
                    .map(value -> value + 0.0)
                    .sorted()
                    .distinct()
                    .toArray();
            tree = new long[sorted.length + 1];
        }

        void add(double value) {
            size++;
            for (int at = rank(value); at < tree.length; at += at & -at) {
                tree[at]++;
            }
        }

        long size() {
            return size;
        }

        long below(double value) {
            return first(rank(value) - 1);
        }

        long upTo(double value) {
            return first(rank(value));
        }

        /** From 1; -0 is 0. */
        private int rank(double value) {
            return Arrays.binarySearch(sorted, value + 0.0) + 1;
        }

        private long first(int rank) {
            long count = 0;
            for (int at = rank; at > 0; at -= at & -at) {
                count += tree[at];
            }
            return count;
        }
    }
}
