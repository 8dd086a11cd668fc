package fedbiomed.training.linear;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What {@code model_args} (or {@code optimizer_args}, which come first) may say of a linear model, and what holds where
 * they say nothing: scikit-learn's defaults.
 *
 * @param known names that this kind of model knows
 * @param losses those it may minimise, its default first; empty for a proportional hazards model, which has its own
 *     and no intercept
 */
record SgdArguments(
        List<String> known,
        List<LinearLoss> losses,
        Penalty penalty,
        LearningRate schedule,
        double eta0,
        double powerT) {
    static final SgdArguments CLASSIFIER = new SgdArguments(
            List.of(
                    "loss",
                    "penalty",
                    "alpha",
                    "l1_ratio",
                    "fit_intercept",
                    "epsilon",
                    "learning_rate",
                    "eta0",
                    "power_t",
                    "tol",
                    "n_iter_no_change",
                    "class_weight",
                    "average",
                    "multi_class"),
            List.of(LinearLoss.values()),
            Penalty.L2,
            LearningRate.OPTIMAL,
            0.01,
            0.5);

    static final SgdArguments REGRESSOR = new SgdArguments(
            CLASSIFIER.known.stream()
                    .filter(name -> !name.equals("class_weight") && !name.equals("multi_class"))
                    .toList(),
            Arrays.stream(LinearLoss.values())
                    .filter(loss -> !loss.isOfClasses())
                    .toList(),
            Penalty.L2,
            LearningRate.INVSCALING,
            0.01,
            0.25);

    static final SgdArguments PERCEPTRON = new SgdArguments(
            List.of("penalty", "alpha", "l1_ratio", "fit_intercept", "eta0", "class_weight"),
            List.of(LinearLoss.PERCEPTRON),
            Penalty.NONE,
            LearningRate.CONSTANT,
            1,
            0.5);

    static final SgdArguments COX = new SgdArguments(
            List.of("penalty", "alpha", "l1_ratio", "learning_rate", "eta0", "power_t", "tol", "n_iter_no_change"),
            List.of(),
            Penalty.NONE,
            LearningRate.CONSTANT,
            0.1,
            0.5);

    /** What scikit-learn's users would look for here, and where it is. */
    private static final Map<String, String> ELSEWHERE = Map.of(
            "max_iter", "it is training_args.epochs here",
            "shuffle", "it is training_args.loader_args.shuffle here",
            "random_state", "it is the experiment's seed here",
            "early_stopping",
                    "a round's epochs are fixed, as in partial_fit; test_on_global_updates shows when to stop the rounds",
            "validation_fraction", "it is of early_stopping; rows are held out by training_args.test_ratio here",
            "warm_start", "every round goes on from the global model",
            "verbose", "it is training_args.log_interval here",
            "n_jobs", "a node trains a linear model on one core",
            "tol", "a round's epochs are fixed, as in partial_fit",
            "n_iter_no_change", "a round's epochs are fixed, as in partial_fit");

    /** @throws FedbiomedException {@code PLAN_INVALID} naming the argument, its value and what is allowed */
    SgdSettings settings(Args modelArgs, Args optimizerArgs) {
        return read(modelArgs, optimizerArgs, this::settings);
    }

    /** @throws FedbiomedException as {@link #settings} */
    LinearObjective objective(Args modelArgs, Args optimizerArgs, List<String> classes) {
        return read(modelArgs, optimizerArgs, args -> objective(args, classes));
    }

    private <T> T read(Args modelArgs, Args optimizerArgs, Function<Args, T> reader) {
        var merged = new TreeMap<>(modelArgs.values());
        merged.putAll(optimizerArgs.values());
        try {
            for (var name : merged.keySet()) {
                var elsewhere = ELSEWHERE.get(name);
                require(
                        known.contains(name),
                        "there is no argument '" + Text.shown(name) + "'; "
                                + (elsewhere == null ? "this plan knows " + known : elsewhere));
            }
            return reader.apply(new Args(merged));
        } catch (IllegalArgumentException e) {
            var where = optimizerArgs.values().isEmpty() ? "model_args: " : "model_args with optimizer_args: ";
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, where + e.getMessage(), e);
        }
    }

    private LinearObjective objective(Args args, List<String> classes) {
        double epsilon = args.real("epsilon", 0.1);
        requireAtLeastZero("epsilon", epsilon);
        var loss = chosen("loss", args.text("loss", lower(losses.getFirst())), losses);
        return new LinearObjective(loss, epsilon, multinomial(args, loss), classWeights(args, classes));
    }

    /** Named as in scikit-learn's {@code LogisticRegression}; its {@code SGDClassifier} knows {@code ovr} alone. */
    private static boolean multinomial(Args args, LinearLoss loss) {
        var way = args.text("multi_class", "ovr");
        require(
                way.equals("ovr") || way.equals("multinomial"),
                "multi_class must be ovr (one model a class against the rest) or multinomial (softmax), not '"
                        + Text.shown(way) + "'");
        boolean multinomial = way.equals("multinomial");
        require(
                !multinomial || loss == LinearLoss.LOG_LOSS,
                "multi_class 'multinomial' is of loss 'log_loss', not of '" + lower(loss)
                        + "'; set loss to log_loss, or leave multi_class out");
        return multinomial;
    }

    private SgdSettings settings(Args args) {
        // YAML's null is scikit-learn's None
        boolean none = args.has("penalty") && args.values().get("penalty") == null;
        var chosenPenalty = none
                ? Penalty.NONE
                : chosen("penalty", args.text("penalty", lower(penalty)), Arrays.asList(Penalty.values()));
        double alpha = args.real("alpha", 0.0001);
        double l1Ratio = args.real("l1_ratio", 0.15);
        var chosenSchedule = chosen("learning_rate", args.text("learning_rate", lower(schedule)), schedules());
        double step = args.real("eta0", eta0);
        double power = args.real("power_t", powerT);
        double tol = args.real("tol", 0.001);
        int patience = args.integer("n_iter_no_change", 5);
        require(step > 0 && Double.isFinite(step), "eta0 must be above 0, not " + step);
        requireAtLeastZero("alpha", alpha);
        requireAtLeastZero("power_t", power);
        requireAtLeastZero("tol", tol);
        require(l1Ratio >= 0 && l1Ratio <= 1, "l1_ratio must be from 0 to 1, not " + l1Ratio);
        require(patience >= 1, "n_iter_no_change must be at least 1, not " + patience);
        require(
                chosenSchedule != LearningRate.OPTIMAL || alpha > 0,
                "learning_rate 'optimal' needs alpha above 0; name another learning_rate and eta0");
        for (var name : List.of("tol", "n_iter_no_change")) {
            require(
                    args.values().get(name) == null || chosenSchedule == LearningRate.ADAPTIVE,
                    name + " tells learning_rate 'adaptive' when to step down, and nothing to '" + lower(chosenSchedule)
                            + "': a round's epochs are fixed, as in partial_fit; leave it out");
        }
        return new SgdSettings(
                chosenPenalty,
                alpha,
                switch (chosenPenalty) {
                    case NONE, L2 -> 0;
                    case L1 -> 1;
                    case ELASTICNET -> l1Ratio;
                },
                args.flag("fit_intercept", !losses.isEmpty()),
                chosenSchedule,
                step,
                power,
                tol,
                patience,
                averageFrom(args));
    }

    /** {@code true} is from the first step on. */
    private static int averageFrom(Args args) {
        if (args.values().get("average") instanceof Boolean from) {
            return from ? 1 : 0;
        }
        int from = args.integer("average", 0);
        require(from >= 0, "average must be true, false or the step from which on to average, not " + from);
        return from;
    }

    /** Bottou's heuristic for {@code optimal} is of losses of single rows. */
    private List<LearningRate> schedules() {
        return Arrays.stream(LearningRate.values())
                .filter(one -> one != LearningRate.OPTIMAL || !losses.isEmpty())
                .toList();
    }

    private static List<Double> classWeights(Args args, List<String> classes) {
        var given = args.values().get("class_weight");
        if (given == null) {
            return List.of();
        }
        if (!(given instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("class_weight must name classes and weights, e.g. {malignant: 2}, not "
                    + Text.shown(String.valueOf(given))
                    + ("balanced".equals(given)
                            ? ": that needs the classes' numbers of rows at all nodes, which no node knows"
                                    + " (partial_fit refuses it likewise). Balanced weights are rows / (classes x rows"
                                    + " of the class)"
                            : ""));
        }
        var weights = new Double[classes.size()];
        Arrays.fill(weights, 1.0);
        map.forEach((name, weight) -> {
            int index = classes.indexOf(String.valueOf(name));
            require(
                    index >= 0,
                    "class_weight names '" + Text.shown(String.valueOf(name))
                            + "', which is none of the plan's classes " + classes);
            if (!(weight instanceof Number number) || !(number.doubleValue() >= 0 && number.doubleValue() < 1e9)) {
                throw new IllegalArgumentException("class_weight of '" + Text.shown(String.valueOf(name))
                        + "' must be a number of at least 0, not " + Text.shown(String.valueOf(weight)));
            }
            weights[index] = number.doubleValue();
        });
        return Collections.unmodifiableList(Arrays.asList(weights));
    }

    private static <E extends Enum<E>> E chosen(String argument, String name, List<E> allowed) {
        return allowed.stream()
                .filter(one -> lower(one).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(argument + " must be one of "
                        + String.join(
                                ", ", allowed.stream().map(SgdArguments::lower).toList()) + ", not '"
                        + Text.shown(name) + "'"));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static void requireAtLeastZero(String name, double value) {
        require(value >= 0 && Double.isFinite(value), name + " must be at least 0, not " + value);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
