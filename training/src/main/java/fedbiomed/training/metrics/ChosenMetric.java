package fedbiomed.training.metrics;

/**
 * A metric and its arguments, read.
 *
 * @param positive index of {@code pos_label}; of two classes the second where nothing is said
 * @param beta weight of recall against precision, of {@code fbeta}
 * @param zeroDivision what 0/0 is, 0 or 1
 * @param normalised of {@code accuracy}: a share, not a count; of {@code balanced_accuracy}: adjusted for chance
 * @param shares what the cells of a confusion matrix are divided by
 */
record ChosenMetric(
        KnownMetric metric,
        Average average,
        int positive,
        double beta,
        double zeroDivision,
        boolean normalised,
        Shares shares) {
    enum Shares {
        NONE,
        TRUE,
        PRED,
        ALL
    }

    /** With scikit-learn's defaults, and the mean over classes where scikit-learn has none for more than two. */
    static ChosenMetric of(KnownMetric metric, int classes) {
        return new ChosenMetric(
                metric,
                classes == 2 ? Average.BINARY : Average.MACRO,
                1,
                1,
                0,
                metric == KnownMetric.ACCURACY,
                Shares.NONE);
    }
}
