package fedbiomed.training.metrics;

/** Keys of {@link fedbiomed.vocabulary.EvaluationSums#sums}; part of the wire format. */
public final class SumNames {
    public static final String CLASSIFICATION = "classification";
    public static final String REGRESSION = "regression";
    public static final String SURVIVAL = "survival";
    public static final String SEGMENTATION = "segmentation";
    /** Tested by the plan's own metrics: a sum by metric, {@code [1]}: of the metric times its batch's rows. */
    public static final String CUSTOM = "custom";

    /** {@code [classes * classes]}, row-major: rows of true class i that were predicted as class j. */
    public static final String CONFUSION = "confusion";
    /** {@code [1]}: sum of -ln(probability of the true class), probabilities clipped to 2^-52; absent without probabilities. */
    public static final String LOG_LOSS = "log_loss";
    /** {@code [1]}: sum over rows and classes of (probability - truth)^2; absent without probabilities. */
    public static final String BRIER = "brier";
    /** {@code [classes * bins]}: rows of that class by their score for it; absent with many classes. */
    public static final String POSITIVE_SCORES = "positive_scores";
    /** {@code [classes * bins]}: rows of other classes by their score for that class; likewise. */
    public static final String NEGATIVE_SCORES = "negative_scores";

    /** {@code [1]}: sum of (prediction - target)^2. */
    public static final String SQUARED_ERROR = "squared_error";
    /** {@code [1]}: sum of prediction - target. */
    public static final String ERROR = "error";
    /** {@code [1]}: sum of |prediction - target|. */
    public static final String ABSOLUTE_ERROR = "absolute_error";
    /** {@code [1]}: sum of targets. */
    public static final String TARGET = "target";
    /** {@code [1]}: sum of squared targets. */
    public static final String TARGET_SQUARED = "target_squared";

    /** {@code [1]}: comparable pairs of rows of one node in which the one at higher risk had the event first. */
    public static final String CONCORDANT_PAIRS = "concordant_pairs";
    /** {@code [1]}: comparable pairs of equal risk. */
    public static final String TIED_PAIRS = "tied_pairs";
    /** {@code [1]}: pairs of which it is known whose event came first. */
    public static final String COMPARABLE_PAIRS = "comparable_pairs";

    /** {@code [classes]}: elements (pixels, voxels) that are of the class and were predicted as it. */
    public static final String INTERSECTION = "intersection";
    /** {@code [classes]}: elements that were predicted as the class. */
    public static final String PREDICTED = "predicted";
    /** {@code [classes]}: elements that are of the class. */
    public static final String TRUTH = "truth";

    private SumNames() {}
}
