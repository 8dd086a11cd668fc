package fedbiomed.researcher.experiment;

import fedbiomed.training.metrics.MetricDirection;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Ends an experiment before its last round, once a figure has not got better for a while.
 *
 * @param metric as tests tell it ({@code log_loss}), of all participants' held-out rows together; {@link #TRAINING_LOSS}
 * @param of which model is tested
 * @param direction which way it gets better
 * @param patience so many rounds in a row without getting better end it
 * @param minDelta by how much at least it must be better to count, in the metric's unit
 */
public record EarlyStopping(String metric, Of of, MetricDirection direction, int patience, double minDelta) {
    /** The mean loss of a round's trainings, weighted by rows; it needs no tests. */
    public static final String TRAINING_LOSS = "training_loss";

    /** Whose tests are looked at. */
    public enum Of {
        /** The global model ({@code test_on_global_updates}). */
        GLOBAL,
        /** Each participant's own update on its own rows ({@code test_on_local_updates}). */
        LOCAL
    }

    public EarlyStopping {
        if (patience < 1) {
            throw new IllegalArgumentException(
                    "early_stopping.patience is a number of rounds, at least 1, not " + patience);
        }
        if (!(minDelta >= 0) || Double.isInfinite(minDelta)) {
            throw new IllegalArgumentException("early_stopping.min_delta is 0 or more, not " + minDelta);
        }
    }

    /** A metric whose direction is known, of the global model. */
    public static EarlyStopping on(String metric, int patience) {
        return of(metric, null, null, patience, 0);
    }

    /**
     * @param of {@code global} (where nothing is said) or {@code local}
     * @param mode {@code min} or {@code max}; {@code null}: by the metric, if it is a known one
     * @throws IllegalArgumentException saying what may be given
     */
    public static EarlyStopping of(
            String metric, @Nullable String of, @Nullable String mode, int patience, double minDelta) {
        var whose = of == null ? "global" : of;
        if (!whose.equals("global") && !whose.equals("local")) {
            throw new IllegalArgumentException(
                    "early_stopping.of is 'global' (the global model's tests) or 'local' (the" + " updates' own), not '"
                            + Text.shown(whose) + "'");
        }
        return new EarlyStopping(
                metric, Of.valueOf(whose.toUpperCase(Locale.ROOT)), direction(metric, mode), patience, minDelta);
    }

    private static MetricDirection direction(String metric, @Nullable String mode) {
        if (mode == null) {
            return metric.equals(TRAINING_LOSS)
                    ? MetricDirection.LOWER_IS_BETTER
                    : MetricDirection.of(metric)
                            .orElseThrow(() -> new IllegalArgumentException("early_stopping: which way '"
                                    + Text.shown(metric) + "' gets better is not known; give mode: min or mode: max"));
        }
        return switch (mode) {
            case "min" -> MetricDirection.LOWER_IS_BETTER;
            case "max" -> MetricDirection.HIGHER_IS_BETTER;
            default ->
                throw new IllegalArgumentException(
                        "early_stopping.mode is 'min' or 'max', not '" + Text.shown(mode) + "'");
        };
    }

    /** Whether it goes by tests of global models, so that it tells which of them is the best. */
    public boolean looksAtGlobalModels() {
        return of == Of.GLOBAL && !metric.equals(TRAINING_LOSS);
    }

    /** {@code min} or {@code max}. */
    String mode() {
        return direction == MetricDirection.LOWER_IS_BETTER ? "min" : "max";
    }

    /** What keeps the experiment from telling this figure; empty if nothing does. */
    String problemFor(TrainingArgs args) {
        if (metric.equals(TRAINING_LOSS)) {
            return "";
        }
        if (args.testRatio() == 0) {
            return "early_stopping looks at '" + Text.shown(metric)
                    + "', but training_args.test_ratio is 0, so that nothing is tested; set it, e.g. to 0.2, or look at '"
                    + TRAINING_LOSS + "'";
        }
        boolean tested = of == Of.GLOBAL ? args.testOnGlobalUpdates() : args.testOnLocalUpdates();
        var key = of == Of.GLOBAL ? "test_on_global_updates" : "test_on_local_updates";
        return tested
                ? ""
                : "early_stopping looks at '" + Text.shown(metric) + "' of tests that are not made; set training_args."
                        + key + ": true, or look at '" + TRAINING_LOSS + "'";
    }
}
