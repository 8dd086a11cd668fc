package fedbiomed.training.linear;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How linear models learn; names and meaning are scikit-learn's, read from {@code model_args} or {@code optimizer_args}.
 *
 * @param eta0 step size, default 0.01
 * @param alpha weight of the L2 penalty, default 0.0001; 0 where {@code penalty} is {@code none}
 * @param schedule {@code learning_rate}, default {@code constant}
 * @param powerT exponent of {@code invscaling}, default 0.25
 * @param fitIntercept default true
 */
record SgdSettings(double eta0, double alpha, LearningRate schedule, double powerT, boolean fitIntercept) {
    /** Steps are counted from 1 in each round: nothing of the schedule stays at a node. */
    enum LearningRate {
        /** {@code eta0}. */
        CONSTANT,
        /** {@code eta0 / step^power_t}. */
        INVSCALING,
        /** {@code 1 / (alpha * (t0 + step - 1))}, t0 by Bottou's heuristic for the log loss. */
        OPTIMAL
    }

    private static final List<String> KNOWN =
            List.of("eta0", "alpha", "penalty", "learning_rate", "power_t", "fit_intercept");

    /** @throws FedbiomedException {@code PLAN_INVALID} naming the argument, its value and what is allowed */
    static SgdSettings of(Args modelArgs, Args optimizerArgs) {
        var merged = new TreeMap<>(modelArgs.values());
        merged.putAll(optimizerArgs.values());
        var args = new Args(merged);
        try {
            for (var name : merged.keySet()) {
                require(
                        KNOWN.contains(name),
                        "there is no argument '" + Text.shown(name) + "'; a linear plan knows " + KNOWN);
            }
            double eta0 = args.real("eta0", 0.01);
            double alpha = args.real("alpha", 0.0001);
            double powerT = args.real("power_t", 0.25);
            var penalty = args.text("penalty", "l2");
            require(eta0 > 0 && Double.isFinite(eta0), "eta0 must be above 0, not " + eta0);
            require(alpha >= 0 && Double.isFinite(alpha), "alpha must be at least 0, not " + alpha);
            require(Double.isFinite(powerT), "power_t must be a finite number, not " + powerT);
            require(
                    penalty.equals("l2") || penalty.equals("none"),
                    "penalty must be l2 or none, not " + Text.shown(penalty));
            var schedule = schedule(args.text("learning_rate", "constant"));
            double weight = penalty.equals("none") ? 0 : alpha;
            require(
                    schedule != LearningRate.OPTIMAL || weight > 0,
                    "learning_rate 'optimal' needs alpha above 0 and penalty l2");
            return new SgdSettings(eta0, weight, schedule, powerT, args.flag("fit_intercept", true));
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, "model_args: " + e.getMessage(), e);
        }
    }

    private static LearningRate schedule(String name) {
        return Arrays.stream(LearningRate.values())
                .filter(schedule -> lower(schedule).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("learning_rate must be one of "
                        + Arrays.stream(LearningRate.values())
                                .map(SgdSettings::lower)
                                .collect(Collectors.joining(", "))
                        + ", not '" + Text.shown(name) + "'"));
    }

    private static String lower(LearningRate schedule) {
        return schedule.name().toLowerCase(Locale.ROOT);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Size of step number {@code step}, from 1. */
    double rate(long step) {
        return switch (schedule) {
            case CONSTANT -> eta0;
            case INVSCALING -> eta0 / Math.pow(step, powerT);
            case OPTIMAL -> {
                double typicalWeight = Math.sqrt(1 / Math.sqrt(alpha));
                double slope = 1 / (1 + Math.exp(-typicalWeight));
                double t0 = Math.max(1, slope) / (typicalWeight * alpha);
                yield 1 / (alpha * (t0 + step - 1));
            }
        };
    }
}
