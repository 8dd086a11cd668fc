package fedbiomed.training.metrics;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.List;
import java.util.TreeMap;

/** Adds up test rows of a classification. */
public final class ClassificationSums {
    /** Bins of equal width over [0, 1] that scores are counted in, for the area under the ROC curve. */
    public static final int SCORE_BINS = 1024;

    /** With more classes than this the score histograms would outgrow a message, and are left out. */
    public static final int MAX_CLASSES_WITH_SCORES = 64;

    /** Smallest probability that the log loss reckons with: the machine epsilon of binary64, as in scikit-learn. */
    static final double LOG_CLIP = 0x1p-52;

    private final List<String> classes;
    private final boolean probabilistic;
    private final int k;
    private final double[] confusion;
    private final double[] positive;
    private final double[] negative;
    private double logLoss;
    private double brier;
    private long count;

    /** Of probabilities. */
    public ClassificationSums(List<String> classes) {
        this(classes, true);
    }

    /** @param probabilistic whether the scores are probabilities; else they only rank, from 0 to 1 */
    public ClassificationSums(List<String> classes, boolean probabilistic) {
        this.classes = List.copyOf(classes);
        this.probabilistic = probabilistic;
        this.k = classes.size();
        this.confusion = new double[k * k];
        int bins = k <= MAX_CLASSES_WITH_SCORES ? k * SCORE_BINS : 0;
        this.positive = new double[bins];
        this.negative = new double[bins];
    }

    /** The class with the highest score of {@code count} from {@code from} on, the first of equals. */
    public static int mostProbable(double[] scores, int from, int count) {
        int best = 0;
        for (int c = 1; c < count; c++) {
            if (scores[from + c] > scores[from + best]) {
                best = c;
            }
        }
        return best;
    }

    /**
     * One row.
     *
     * @param truth index of its class
     * @param scores of the classes (probabilities, or what ranks as they would), from {@code from} on
     */
    public void add(int truth, double[] scores, int from) {
        count++;
        confusion[truth * k + mostProbable(scores, from, k)]++;
        logLoss -= Math.log(Math.clamp(scores[from + truth], LOG_CLIP, 1 - LOG_CLIP));
        for (int c = 0; c < k; c++) {
            double p = scores[from + c];
            double error = p - (c == truth ? 1 : 0);
            brier += error * error;
            if (positive.length > 0) {
                int bin = Math.clamp((long) (p * SCORE_BINS), 0, SCORE_BINS - 1);
                (c == truth ? positive : negative)[c * SCORE_BINS + bin]++;
            }
        }
    }

    public EvaluationSums sums() {
        var sums = new TreeMap<String, double[]>();
        sums.put(SumNames.CONFUSION, confusion.clone());
        if (probabilistic) {
            sums.put(SumNames.LOG_LOSS, new double[] {logLoss});
            sums.put(SumNames.BRIER, new double[] {brier});
        }
        if (positive.length > 0) {
            sums.put(SumNames.POSITIVE_SCORES, positive.clone());
            sums.put(SumNames.NEGATIVE_SCORES, negative.clone());
        }
        return new EvaluationSums(SumNames.CLASSIFICATION, classes, count, sums);
    }
}
