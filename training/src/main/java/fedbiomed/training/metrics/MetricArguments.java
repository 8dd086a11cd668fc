package fedbiomed.training.metrics;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** Reads a metric's arguments; their names and meaning are scikit-learn's. */
final class MetricArguments {
    /** A confusion matrix of more classes is more numbers than anyone reads, and than a round should tell. */
    private static final int MAX_CONFUSED_CLASSES = 32;

    private MetricArguments() {}

    /** @throws FedbiomedException naming the argument, its value and what is allowed */
    static ChosenMetric read(KnownMetric metric, Args args, List<String> classes) {
        var usual = ChosenMetric.of(metric, classes.size());
        try {
            if (metric == KnownMetric.CONFUSION_MATRIX) {
                require(
                        classes.size() <= MAX_CONFUSED_CLASSES,
                        "is told of at most " + MAX_CONFUSED_CLASSES + " classes, and the plan has " + classes.size());
                return withShares(usual, args);
            }
            if (metric == KnownMetric.FBETA) {
                require(args.has("beta"), "needs beta, the weight of recall against precision, e.g. {beta: 2}");
            }
            double beta = args.real("beta", usual.beta());
            require(beta > 0 && Double.isFinite(beta), "beta must be above 0, not " + beta);
            double zeroDivision = args.real("zero_division", 0);
            require(zeroDivision == 0 || zeroDivision == 1, "zero_division must be 0 or 1, not " + zeroDivision);
            require(
                    args.text("multi_class", "ovr").equals("ovr"),
                    "multi_class must be ovr, not '" + Text.shown(args.text("multi_class", ""))
                            + "': pairs of classes cannot be told from histograms");
            var average = average(metric, args, classes.size(), usual.average());
            return new ChosenMetric(
                    metric,
                    average,
                    positive(args, classes, average),
                    beta,
                    zeroDivision,
                    metric == KnownMetric.BALANCED_ACCURACY
                            ? args.flag("adjusted", false)
                            : args.flag("normalize", usual.normalised()),
                    usual.shares());
        } catch (IllegalArgumentException e) {
            throw MetricChoice.refused("test_metric_args: " + metric.label() + ": " + e.getMessage());
        }
    }

    private static Average average(KnownMetric metric, Args args, int classes, Average usual) {
        if (!args.has("average")) {
            return usual;
        }
        var allowed = EnumSet.allOf(Average.class);
        if (classes != 2) {
            allowed.remove(Average.BINARY);
        }
        if (metric == KnownMetric.ROC_AUC || metric == KnownMetric.AVERAGE_PRECISION) {
            allowed.remove(Average.MICRO);
        }
        // YAML's null is scikit-learn's None
        return args.values().get("average") == null
                ? Average.NONE
                : chosen("average", args.text("average", ""), allowed);
    }

    private static int positive(Args args, List<String> classes, Average average) {
        if (!args.has("pos_label")) {
            return 1;
        }
        // a class written as a number may come as one
        var label = String.valueOf(args.values().get("pos_label"));
        require(
                classes.contains(label),
                "pos_label must be one of the plan's classes " + classes + ", not '" + Text.shown(label) + "'");
        require(
                average == Average.BINARY,
                "pos_label makes sense with two classes and average 'binary' only; average none tells every class");
        return classes.indexOf(label);
    }

    private static ChosenMetric withShares(ChosenMetric usual, Args args) {
        if (args.values().get("normalize") == null) {
            return usual;
        }
        var shares = chosen("normalize", args.text("normalize", ""), EnumSet.allOf(ChosenMetric.Shares.class));
        return new ChosenMetric(
                usual.metric(), usual.average(), usual.positive(), usual.beta(), usual.zeroDivision(), false, shares);
    }

    private static <E extends Enum<E>> E chosen(String argument, String text, EnumSet<E> allowed) {
        return allowed.stream()
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(argument + " must be one of "
                        + String.join(
                                ", ",
                                Arrays.stream(allowed.toArray(Enum[]::new))
                                        .map(one -> one.name().toLowerCase(Locale.ROOT))
                                        .toList())
                        + ", not '" + Text.shown(text) + "'"));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
