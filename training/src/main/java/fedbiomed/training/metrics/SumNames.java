package fedbiomed.training.metrics;

/** Keys of {@link fedbiomed.vocabulary.EvaluationSums#sums}; part of the wire format. */
public final class SumNames {
    public static final String CLASSIFICATION = "classification";
    public static final String REGRESSION = "regression";
    /** Tested by the plan's own metrics: a sum by metric, {@code [1]}: of the metric times its batch's samples. */
    public static final String CUSTOM = "custom";

    /** {@code [classes * classes]}, row-major: rows of true class i that were predicted as class j. */
    public static final String CONFUSION = "confusion";
    /** {@code [1]}: sum of -ln(probability of the true class), probabilities clipped to 1e-15. */
    public static final String LOG_LOSS = "log_loss";
    /** {@code [1]}: sum over rows and classes of (probability - truth)^2. */
    public static final String BRIER = "brier";
    /** {@code [classes * bins]}: rows of that class by their probability of it. */
    public static final String POSITIVE_SCORES = "positive_scores";
    /** {@code [classes * bins]}: rows of other classes by their probability of that class. */
    public static final String NEGATIVE_SCORES = "negative_scores";

    /** {@code [1]}: sum of (prediction - target)^2. */
    public static final String SQUARED_ERROR = "squared_error";
    /** {@code [1]}: sum of |prediction - target|. */
    public static final String ABSOLUTE_ERROR = "absolute_error";
    /** {@code [1]}: sum of targets. */
    public static final String TARGET = "target";
    /** {@code [1]}: sum of squared targets. */
    public static final String TARGET_SQUARED = "target_squared";

    private SumNames() {}
}
