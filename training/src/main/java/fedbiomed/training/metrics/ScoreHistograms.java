package fedbiomed.training.metrics;

import java.util.List;

/**
 * Rows by their scores, and the figures of ranking that these give: those of the scores rounded down to their bin. Rows
 * in one bin count as ties.
 *
 * @param positive {@code [classes * bins]}: rows of the class by their score for it
 * @param negative likewise of the other classes
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ScoreHistograms(List<String> classes, double[] positive, double[] negative) {
    private static final int BINS = ClassificationSums.SCORE_BINS;

    void put(ChosenMetric chosen, MetricValues values) {
        var label = chosen.metric().label();
        double total = ClassCounts.sum(positive);
        double value = 0;
        for (int c = 0; c < classes.size(); c++) {
            double mine = chosen.metric() == KnownMetric.ROC_AUC ? rocAuc(c) : averagePrecision(c);
            switch (chosen.average()) {
                case BINARY -> value += c == chosen.positive() ? mine : 0;
                case MACRO -> value += mine / classes.size();
                case WEIGHTED -> value += mine * positives(c) / total;
                case NONE -> values.put(label + "[" + classes.get(c) + "]", mine);
                case MICRO -> throw new IllegalArgumentException(label + " has no average 'micro'");
            }
        }
        if (chosen.average() != Average.NONE) {
            values.put(label, value);
        }
    }

    private double positives(int c) {
        double sum = 0;
        for (int b = c * BINS; b < (c + 1) * BINS; b++) {
            sum += positive[b];
        }
        return sum;
    }

    /** Mann and Whitney's U: a positive wins against every negative of a lower bin and half of its own bin's. */
    private double rocAuc(int c) {
        double lower = 0;
        double wins = 0;
        double positives = 0;
        for (int b = c * BINS; b < (c + 1) * BINS; b++) {
            wins += positive[b] * (lower + negative[b] / 2);
            lower += negative[b];
            positives += positive[b];
        }
        // NaN where there is no row of the class, or none of another
        return wins / (positives * lower);
    }

    /** The sum over thresholds of precision times what recall gains; 0 where there is no row of the class. */
    private double averagePrecision(int c) {
        double positives = positives(c);
        double hits = 0;
        double predicted = 0;
        double sum = 0;
        for (int b = (c + 1) * BINS - 1; b >= c * BINS; b--) {
            hits += positive[b];
            predicted += positive[b] + negative[b];
            if (positive[b] > 0) {
                sum += positive[b] / positives * (hits / predicted);
            }
        }
        return predicted == 0 ? Double.NaN : sum;
    }
}
