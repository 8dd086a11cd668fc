package fedbiomed.training.metrics;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which metrics are told of test sums, as {@code test_metric} and {@code test_metric_args} say. */
public final class MetricChoice {
    private final List<String> names;
    private final Args args;

    private MetricChoice(List<String> names, Args args) {
        this.names = List.copyOf(names);
        this.args = args;
    }

    /** Not checked against any plan; what does not fit the sums is an error when {@link #of} is called. */
    public static MetricChoice unchecked(List<String> names, Args args) {
        return new MetricChoice(names, args);
    }

    /**
     * @param names empty: the task's usual ones
     * @param args those of each metric under its name, or common to all that know them
     * @param task of the plan, as {@link SumNames} calls it
     * @param classes of the plan
     * @param probabilistic whether the plan's classification has probabilities
     * @param own names of the plan's own metrics
     * @throws FedbiomedException {@code BAD_MESSAGE} naming the metric or argument that makes no sense, and what exists
     */
    public static MetricChoice checked(
            List<String> names, Args args, String task, List<String> classes, boolean probabilistic, List<String> own) {
        var choice = new MetricChoice(names, args);
        choice.read(task, classes, probabilistic, own);
        return choice;
    }

    /**
     * The metrics by name, in the order in which they were asked for; one that is not defined on the rows is left out.
     *
     * @throws IllegalArgumentException if the sums are not of a known task, or of other lengths than their classes say
     * @throws FedbiomedException as {@link #checked}
     */
    public SequencedMap<String, Double> of(EvaluationSums sums) {
        boolean probabilistic = sums.sums().containsKey(SumNames.LOG_LOSS);
        var own = CustomMetrics.names(sums);
        requireTask(sums);
        var metrics = new MetricValues();
        for (var chosen : read(sums.task(), sums.classes(), probabilistic, own)) {
            Metrics.compute(chosen, sums, metrics);
        }
        for (var name : own) {
            if (names.isEmpty() || names.contains(name)) {
                metrics.put(name, CustomMetrics.value(sums, name));
            }
        }
        return metrics.values();
    }

    private static void requireTask(EvaluationSums sums) {
        if (!sums.task().equals(SumNames.CUSTOM)
                && KnownMetric.ofTask(sums.task()).isEmpty()) {
            throw new IllegalArgumentException("test results of an unknown task '" + sums.task() + "'");
        }
    }

    private List<ChosenMetric> read(String task, List<String> classes, boolean probabilistic, List<String> own) {
        var existing = KnownMetric.ofTask(task).stream()
                .filter(metric -> probabilistic || !metric.needsProbabilities())
                .toList();
        var metrics = new LinkedHashSet<KnownMetric>();
        for (var name : names) {
            if (!own.contains(name)) {
                metrics.add(known(name, task, existing, own));
            }
        }
        if (names.isEmpty()) {
            existing.stream().filter(KnownMetric::isUsual).forEach(metrics::add);
        }
        var read = new ArrayList<ChosenMetric>();
        var arguments = arguments(metrics);
        for (var metric : metrics) {
            read.add(MetricArguments.read(metric, arguments.getOrDefault(metric, Args.NONE), classes));
        }
        return read;
    }

    private static KnownMetric known(String name, String task, List<KnownMetric> existing, List<String> own) {
        var metric = KnownMetric.named(name).orElse(null);
        if (metric != null && existing.contains(metric)) {
            return metric;
        }
        var there = new ArrayList<>(existing.stream().map(KnownMetric::label).toList());
        there.addAll(own);
        var because = metric == null
                ? "there is no such metric"
                : metric.task().equals(task)
                        ? "the plan's loss gives no probabilities"
                        : "it is one of " + metric.task() + ", and the plan's task is " + task;
        throw refused(
                "test_metric '" + Text.shown(name) + "': " + because + "; this plan has " + String.join(", ", there));
    }

    /** Sorts the arguments by whose they are. */
    private Map<KnownMetric, Args> arguments(LinkedHashSet<KnownMetric> metrics) {
        var byMetric = new TreeMap<KnownMetric, Map<String, Object>>();
        metrics.forEach(metric -> byMetric.put(metric, new TreeMap<>()));
        args.values().forEach((name, value) -> {
            if (value instanceof Map<?, ?> those) {
                var metric = KnownMetric.named(name).orElse(null);
                var mine = metric == null ? null : byMetric.get(metric);
                if (metric == null || mine == null) {
                    throw refused("test_metric_args names '" + Text.shown(name)
                            + "', which is not among the metrics that are told (" + labels(metrics) + ")");
                }
                those.forEach((key, argument) -> give(metric, mine, String.valueOf(key), argument));
                return;
            }
            var takers = metrics.stream()
                    .filter(metric -> metric.arguments().contains(name))
                    .toList();
            if (takers.isEmpty()) {
                throw refused("test_metric_args: none of the metrics that are told (" + labels(metrics)
                        + ") takes an argument '" + Text.shown(name) + "'; they take " + allArguments(metrics));
            }
            // what is said of one metric holds over what is said of all
            takers.forEach(
                    metric -> byMetric.getOrDefault(metric, new TreeMap<>()).putIfAbsent(name, value));
        });
        var read = new TreeMap<KnownMetric, Args>();
        byMetric.forEach((metric, values) -> read.put(metric, new Args(values)));
        return read;
    }

    private static void give(KnownMetric metric, Map<String, Object> mine, String name, @Nullable Object value) {
        if (!metric.arguments().contains(name)) {
            throw refused("test_metric_args: " + metric.label() + " takes no argument '" + Text.shown(name)
                    + "'; it takes "
                    + (metric.arguments().isEmpty()
                            ? "none"
                            : String.join(
                                    ", ", metric.arguments().stream().sorted().toList())));
        }
        mine.put(name, value);
    }

    private static String labels(LinkedHashSet<KnownMetric> metrics) {
        return String.join(", ", metrics.stream().map(KnownMetric::label).toList());
    }

    private static String allArguments(LinkedHashSet<KnownMetric> metrics) {
        var all = metrics.stream()
                .flatMap(metric -> metric.arguments().stream())
                .distinct()
                .sorted()
                .toList();
        return all.isEmpty() ? "none" : String.join(", ", all);
    }

    static FedbiomedException refused(String what) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, "training_args." + what);
    }
}
