package fedbiomed.training.metrics;

import java.util.Optional;

/** Which way a metric gets better. */
public enum MetricDirection {
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER;

    /** Whether {@code value} is better than {@code other} by more than {@code delta}. */
    public boolean isBetter(double value, double other, double delta) {
        return this == HIGHER_IS_BETTER ? value > other + delta : value < other - delta;
    }

    /**
     * Of a metric by its name as it is told, {@code precision_B} of one class among them; empty for a plan's own metric and
     * for what has no better or worse.
     */
    public static Optional<MetricDirection> of(String metric) {
        for (var known : KnownMetric.values()) {
            if (known != KnownMetric.CONFUSION_MATRIX
                    && (metric.equals(known.label()) || metric.startsWith(known.label() + "_"))) {
                return Optional.of(
                        switch (known) {
                            case LOG_LOSS, BRIER, MSE, RMSE, MAE -> LOWER_IS_BETTER;
                            default -> HIGHER_IS_BETTER;
                        });
            }
        }
        return Optional.empty();
    }
}
