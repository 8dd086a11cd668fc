package fedbiomed.training.metrics;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Metrics of test sums, of one node or of several added up: then they are those of the pooled rows. Definitions are
 * scikit-learn's ({@code sklearn.metrics}), with a ratio of 0/0 as 0; a metric that is not defined on the rows (no row
 * at all, one class only for {@code roc_auc}) is left out.
 */
public final class Metrics {
    private Metrics() {}

    /**
     * By name, in the order in which people read them. Classification: {@code accuracy}, {@code balanced_accuracy},
     * {@code precision}, {@code recall}, {@code f1} (of the second of two classes, else the mean over the classes that
     * occur), {@code roc_auc} (likewise; from a histogram of 1024 bins, ties within a bin counting half),
     * {@code log_loss} (nats), {@code brier}. Regression: {@code mse}, {@code rmse}, {@code mae}, {@code r2}.
     *
     * @throws IllegalArgumentException if the sums are not of a known task or of other lengths than their classes say
     */
    public static SequencedMap<String, Double> of(EvaluationSums sums) {
        return switch (sums.task()) {
            case SumNames.CLASSIFICATION -> classification(sums);
            case SumNames.REGRESSION -> regression(sums);
            case SumNames.CUSTOM -> custom(sums);
            default -> throw new IllegalArgumentException("test results of an unknown task '" + sums.task() + "'");
        };
    }

    /** The mean over the samples of what the plan computed for each batch. */
    private static SequencedMap<String, Double> custom(EvaluationSums sums) {
        var metrics = new LinkedHashMap<String, Double>();
        sums.sums().keySet().forEach(name -> put(metrics, name, array(sums, name, 1)[0] / sums.count()));
        return metrics;
    }

    private static SequencedMap<String, Double> regression(EvaluationSums sums) {
        var metrics = new LinkedHashMap<String, Double>();
        double n = sums.count();
        double squared = array(sums, SumNames.SQUARED_ERROR, 1)[0];
        double target = array(sums, SumNames.TARGET, 1)[0];
        double spread = array(sums, SumNames.TARGET_SQUARED, 1)[0] - target * target / n;
        put(metrics, "mse", squared / n);
        put(metrics, "rmse", Math.sqrt(squared / n));
        put(metrics, "mae", array(sums, SumNames.ABSOLUTE_ERROR, 1)[0] / n);
        put(metrics, "r2", spread > 0 && n >= 2 ? 1 - squared / spread : Double.NaN);
        return metrics;
    }

    private static SequencedMap<String, Double> classification(EvaluationSums sums) {
        int k = sums.classes().size();
        var confusion = array(sums, SumNames.CONFUSION, k * k);
        double n = sums.count();
        var metrics = new LinkedHashMap<String, Double>();
        double correct = 0;
        double recalls = 0;
        int present = 0;
        for (int c = 0; c < k; c++) {
            double support = support(confusion, k, c);
            correct += confusion[c * k + c];
            if (support > 0) {
                recalls += confusion[c * k + c] / support;
                present++;
            }
        }
        put(metrics, "accuracy", correct / n);
        put(metrics, "balanced_accuracy", recalls / present);
        if (n > 0) {
            putByClass(metrics, confusion, k);
        }
        if (sums.sums().containsKey(SumNames.POSITIVE_SCORES)) {
            put(metrics, "roc_auc", rocAuc(sums, k));
        }
        put(metrics, "log_loss", array(sums, SumNames.LOG_LOSS, 1)[0] / n);
        // of two classes both say the same: scikit-learn's binary score counts one of them
        put(metrics, "brier", array(sums, SumNames.BRIER, 1)[0] / (k == 2 ? 2 * n : n));
        return metrics;
    }

    private static void putByClass(SequencedMap<String, Double> metrics, double[] confusion, int k) {
        double precision = 0;
        double recall = 0;
        double f1 = 0;
        int counted = 0;
        for (int c = k == 2 ? 1 : 0; c < k; c++) {
            double hits = confusion[c * k + c];
            double support = support(confusion, k, c);
            double predicted = 0;
            for (int t = 0; t < k; t++) {
                predicted += confusion[t * k + c];
            }
            if (k > 2 && support + predicted == 0) {
                continue;
            }
            precision += predicted == 0 ? 0 : hits / predicted;
            recall += support == 0 ? 0 : hits / support;
            f1 += support + predicted == 0 ? 0 : 2 * hits / (support + predicted);
            counted++;
        }
        put(metrics, "precision", precision / counted);
        put(metrics, "recall", recall / counted);
        put(metrics, "f1", f1 / counted);
    }

    private static double support(double[] confusion, int k, int c) {
        double support = 0;
        for (int p = 0; p < k; p++) {
            support += confusion[c * k + p];
        }
        return support;
    }

    /** Mann-Whitney's U by bins: a positive wins against every negative of a lower bin and half of its own bin's. */
    private static double rocAuc(EvaluationSums sums, int k) {
        int bins = ClassificationSums.SCORE_BINS;
        var positive = array(sums, SumNames.POSITIVE_SCORES, k * bins);
        var negative = array(sums, SumNames.NEGATIVE_SCORES, k * bins);
        double total = 0;
        for (int c = k == 2 ? 1 : 0; c < k; c++) {
            double lower = 0;
            double wins = 0;
            double positives = 0;
            for (int b = c * bins; b < (c + 1) * bins; b++) {
                wins += positive[b] * (lower + negative[b] / 2);
                lower += negative[b];
                positives += positive[b];
            }
            total += wins / (positives * lower);
        }
        return total / (k == 2 ? 1 : k);
    }

    private static double[] array(EvaluationSums sums, String name, int length) {
        var array = sums.sums().get(name);
        if (array == null || array.length != length) {
            throw new IllegalArgumentException("test results need " + length + " numbers of '" + name + "', not "
                    + (array == null ? "none" : array.length));
        }
        return array;
    }

    private static void put(SequencedMap<String, Double> metrics, String name, double value) {
        if (Double.isFinite(value)) {
            metrics.put(name, value);
        }
    }
}
