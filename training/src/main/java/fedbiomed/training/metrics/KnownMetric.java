package fedbiomed.training.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A metric by scikit-learn's definition: whose task it is, its other names, and the arguments it takes. */
enum KnownMetric {
    ACCURACY(SumNames.CLASSIFICATION, true, Set.of("accuracy_score"), Set.of("normalize")),
    BALANCED_ACCURACY(SumNames.CLASSIFICATION, true, Set.of("balanced_accuracy_score"), Set.of("adjusted")),
    PRECISION(
            SumNames.CLASSIFICATION, true, Set.of("precision_score"), Set.of("average", "pos_label", "zero_division")),
    RECALL(SumNames.CLASSIFICATION, true, Set.of("recall_score"), Set.of("average", "pos_label", "zero_division")),
    F1(SumNames.CLASSIFICATION, true, Set.of("f1_score"), Set.of("average", "pos_label", "zero_division")),
    FBETA(
            SumNames.CLASSIFICATION,
            false,
            Set.of("fbeta_score"),
            Set.of("average", "pos_label", "zero_division", "beta")),
    ROC_AUC(SumNames.CLASSIFICATION, true, Set.of("roc_auc_score"), Set.of("average", "pos_label", "multi_class")),
    AVERAGE_PRECISION(
            SumNames.CLASSIFICATION, false, Set.of("average_precision_score"), Set.of("average", "pos_label")),
    LOG_LOSS(SumNames.CLASSIFICATION, true, Set.of(), Set.of()),
    BRIER(SumNames.CLASSIFICATION, true, Set.of("brier_score", "brier_score_loss"), Set.of()),
    CONFUSION_MATRIX(SumNames.CLASSIFICATION, false, Set.of(), Set.of("normalize")),
    MSE(SumNames.REGRESSION, true, Set.of("mean_squared_error", "mean_square_error"), Set.of()),
    RMSE(SumNames.REGRESSION, true, Set.of("root_mean_squared_error"), Set.of()),
    MAE(SumNames.REGRESSION, true, Set.of("mean_absolute_error"), Set.of()),
    R2(SumNames.REGRESSION, true, Set.of("r2_score"), Set.of()),
    EXPLAINED_VARIANCE(SumNames.REGRESSION, false, Set.of("explained_variance_score"), Set.of()),
    CONCORDANCE_INDEX(SumNames.SURVIVAL, true, Set.of(), Set.of()),
    DICE(SumNames.SEGMENTATION, true, Set.of(), Set.of("average", "pos_label", "zero_division")),
    IOU(
            SumNames.SEGMENTATION,
            true,
            Set.of("jaccard", "jaccard_score"),
            Set.of("average", "pos_label", "zero_division"));

    private final String task;
    private final boolean usual;
    private final Set<String> otherNames;
    private final Set<String> arguments;

    KnownMetric(String task, boolean usual, Set<String> otherNames, Set<String> arguments) {
        this.task = task;
        this.usual = usual;
        this.otherNames = otherNames;
        this.arguments = arguments;
    }

    /** Whether it is told where nobody said what to tell. */
    boolean isUsual() {
        return usual;
    }

    Set<String> arguments() {
        return arguments;
    }

    boolean needsProbabilities() {
        return this == LOG_LOSS || this == BRIER;
    }

    /** As it is told. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<KnownMetric> ofTask(String task) {
        return Arrays.stream(values())
                .filter(metric -> metric.task.equals(task))
                .toList();
    }

    /** By its name or one of scikit-learn's or Fed-BioMed's, in any case. */
    static Optional<KnownMetric> named(String name) {
        var lower = name.toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(metric -> metric.label().equals(lower) || metric.otherNames.contains(lower))
                .findFirst();
    }

    String task() {
        return task;
    }
}
