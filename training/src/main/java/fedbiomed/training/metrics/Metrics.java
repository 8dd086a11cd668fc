package fedbiomed.training.metrics;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.EvaluationSums;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * Metrics of test sums, of one node or of several added up: then they are those of the pooled rows (but for {@code
 * concordance_index}, which compares rows of one node only, and the plan's own metrics, which are means over the rows).
 * Definitions are scikit-learn's ({@code sklearn.metrics}), with a ratio of 0/0 as 0; a metric that is not defined on
 * the rows (no row at all, one class only for {@code roc_auc}) is left out.
 */
public final class Metrics {
    /** What targets of one value spread by rounding alone, relative to the sum of their squares. */
    private static final double ROUNDING = 0x1p-50;

    private Metrics() {}

    /**
     * The usual metrics by name, in the order in which people read them. Classification: {@code accuracy}, {@code
     * balanced_accuracy}, {@code precision}, {@code recall}, {@code f1} (of the second of two classes, else the mean over
     * the classes that occur), {@code roc_auc} (likewise; from a histogram of 1024 bins, ties within a bin counting half),
     * {@code log_loss} (nats), {@code brier}. Regression: {@code mse}, {@code rmse}, {@code mae}, {@code r2}. Survival:
     * {@code concordance_index}. Segmentation: {@code dice}, {@code iou}. And all of the plan's own.
     *
     * @throws IllegalArgumentException if the sums are not of a known task or of other lengths than their classes say
     */
    public static SequencedMap<String, Double> of(EvaluationSums sums) {
        return MetricChoice.unchecked(List.of(), Args.NONE).of(sums);
    }

    /**
     * Names that the sums of a task must have; no others may be there.
     *
     * @param classes how many
     * @param probabilistic whether a classification has probabilities
     * @param own names of the plan's own metrics
     */
    public static Set<String> keys(String task, int classes, boolean probabilistic, List<String> own) {
        var keys = new TreeSet<>(CustomMetrics.keys(own));
        keys.addAll(
                switch (task) {
                    case SumNames.CLASSIFICATION -> {
                        var names = new ArrayList<>(List.of(SumNames.CONFUSION));
                        if (probabilistic) {
                            names.addAll(List.of(SumNames.LOG_LOSS, SumNames.BRIER));
                        }
                        if (classes <= ClassificationSums.MAX_CLASSES_WITH_SCORES) {
                            names.addAll(List.of(SumNames.POSITIVE_SCORES, SumNames.NEGATIVE_SCORES));
                        }
                        yield names;
                    }
                    case SumNames.REGRESSION ->
                        List.of(
                                SumNames.SQUARED_ERROR,
                                SumNames.ERROR,
                                SumNames.ABSOLUTE_ERROR,
                                SumNames.TARGET,
                                SumNames.TARGET_SQUARED);
                    case SumNames.SURVIVAL ->
                        List.of(SumNames.CONCORDANT_PAIRS, SumNames.TIED_PAIRS, SumNames.COMPARABLE_PAIRS);
                    case SumNames.SEGMENTATION -> List.of(SumNames.INTERSECTION, SumNames.PREDICTED, SumNames.TRUTH);
                    case SumNames.CUSTOM -> List.of();
                    default -> throw unknown(task);
                });
        return keys;
    }

    /** Whether a standard metric is told under this name. */
    public static boolean isKnown(String label) {
        return KnownMetric.named(label)
                .filter(metric -> metric.label().equals(label))
                .isPresent();
    }

    static void compute(ChosenMetric chosen, EvaluationSums sums, MetricValues values) {
        switch (sums.task()) {
            case SumNames.CLASSIFICATION -> classification(chosen, sums, values);
            case SumNames.REGRESSION -> values.put(chosen.metric().label(), regression(chosen, sums));
            case SumNames.SURVIVAL -> values.put(chosen.metric().label(), concordance(sums));
            case SumNames.SEGMENTATION -> {
                int k = sums.classes().size();
                new ClassCounts(
                                sums.classes(),
                                array(sums, SumNames.INTERSECTION, k),
                                array(sums, SumNames.PREDICTED, k),
                                array(sums, SumNames.TRUTH, k))
                        .put(chosen, values);
            }
            default -> throw unknown(sums.task());
        }
    }

    private static void classification(ChosenMetric chosen, EvaluationSums sums, MetricValues values) {
        int k = sums.classes().size();
        var label = chosen.metric().label();
        var confusion = array(sums, SumNames.CONFUSION, k * k);
        var counts = ClassCounts.ofConfusion(sums.classes(), confusion);
        double n = sums.count();
        switch (chosen.metric()) {
            case ACCURACY -> values.put(label, counts.accuracy(chosen.normalised()));
            case BALANCED_ACCURACY -> values.put(label, counts.balancedAccuracy(chosen.normalised()));
            case LOG_LOSS -> values.put(label, array(sums, SumNames.LOG_LOSS, 1)[0] / n);
            // of two classes both say the same: scikit-learn's binary score counts one of them
            case BRIER -> values.put(label, array(sums, SumNames.BRIER, 1)[0] / (k == 2 ? 2 * n : n));
            case CONFUSION_MATRIX -> confusionMatrix(chosen.shares(), counts, confusion, values);
            case ROC_AUC, AVERAGE_PRECISION -> {
                if (sums.sums().containsKey(SumNames.POSITIVE_SCORES)) {
                    int length = k * ClassificationSums.SCORE_BINS;
                    new ScoreHistograms(
                                    sums.classes(),
                                    array(sums, SumNames.POSITIVE_SCORES, length),
                                    array(sums, SumNames.NEGATIVE_SCORES, length))
                            .put(chosen, values);
                }
            }
            default -> counts.put(chosen, values);
        }
    }

    /** Rows of the first class in the brackets that were predicted as the second, or their share; 0/0 is 0. */
    private static void confusionMatrix(
            ChosenMetric.Shares shares, ClassCounts counts, double[] confusion, MetricValues values) {
        int k = counts.classes().size();
        for (int truth = 0; truth < k; truth++) {
            for (int p = 0; p < k; p++) {
                double whole = switch (shares) {
                    case NONE -> 1;
                    case TRUE -> counts.support()[truth];
                    case PRED -> counts.predicted()[p];
                    case ALL -> ClassCounts.sum(confusion);
                };
                values.put(
                        "%s[%s,%s]"
                                .formatted(
                                        KnownMetric.CONFUSION_MATRIX.label(),
                                        counts.classes().get(truth),
                                        counts.classes().get(p)),
                        whole == 0 ? 0 : confusion[truth * k + p] / whole);
            }
        }
    }

    private static double regression(ChosenMetric chosen, EvaluationSums sums) {
        double n = sums.count();
        double squared = array(sums, SumNames.SQUARED_ERROR, 1)[0];
        double absolute = array(sums, SumNames.ABSOLUTE_ERROR, 1)[0];
        double error = array(sums, SumNames.ERROR, 1)[0];
        double target = array(sums, SumNames.TARGET, 1)[0];
        double targetSquared = array(sums, SumNames.TARGET_SQUARED, 1)[0];
        double spread = targetSquared - target * target / n;
        boolean constant = spread <= ROUNDING * n * targetSquared;
        return switch (chosen.metric()) {
            case MSE -> squared / n;
            case RMSE -> Math.sqrt(squared / n);
            case MAE -> absolute / n;
            case R2 -> n < 2 ? Double.NaN : explained(squared, spread, constant, squared == 0);
            case EXPLAINED_VARIANCE -> {
                double unexplained = squared - error * error / n;
                boolean none = unexplained <= ROUNDING * n * squared;
                yield n < 1 ? Double.NaN : explained(none ? 0 : unexplained, spread, constant, none);
            }
            default -> throw new IllegalArgumentException(chosen.metric() + " is not one of regression");
        };
    }

    /** Where the targets are all alike: 1 if they were met, else 0, as scikit-learn's {@code force_finite}. */
    private static double explained(double unexplained, double spread, boolean constant, boolean met) {
        if (constant) {
            return met ? 1 : 0;
        }
        return 1 - unexplained / spread;
    }

    private static double concordance(EvaluationSums sums) {
        double concordant = array(sums, SumNames.CONCORDANT_PAIRS, 1)[0];
        double tied = array(sums, SumNames.TIED_PAIRS, 1)[0];
        return (concordant + tied / 2) / array(sums, SumNames.COMPARABLE_PAIRS, 1)[0];
    }

    static double[] array(EvaluationSums sums, String name, int length) {
        var array = sums.sums().get(name);
        if (array == null || array.length != length) {
            throw new IllegalArgumentException("test results need " + length + " numbers of '" + name + "', not "
                    + (array == null ? "none" : array.length));
        }
        return array;
    }

    private static IllegalArgumentException unknown(String task) {
        return new IllegalArgumentException("test results of an unknown task '" + task + "'");
    }
}
