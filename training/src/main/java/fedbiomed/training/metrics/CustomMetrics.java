package fedbiomed.training.metrics;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Metrics that a plan computes itself, batch by batch: told as the mean over the rows. Where a batch's value is not a
 * mean over its rows, nor is the federation's figure what it would be on the pooled rows.
 */
public final class CustomMetrics {
    /** What a plan may tell of each test is bounded: each number could carry something of a row. */
    public static final int MAX_METRICS = 32;

    /** What a plan is tested by that has neither metrics of its own nor a task with usual ones: its loss. */
    public static final List<String> LOSS = List.of("loss");

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");

    /** Before the name, in {@link EvaluationSums#sums} of a task that has sums of its own. */
    private static final String PREFIX = "custom.";

    private CustomMetrics() {}

    /** @throws FedbiomedException {@code PLAN_INVALID} if there are too many, or a name is odd, twice, or a standard one's */
    public static void requireNames(List<String> names) {
        require(
                names.size() <= MAX_METRICS,
                "declares " + names.size() + " metrics of its own; at most " + MAX_METRICS + " are allowed");
        var seen = new HashSet<String>();
        for (var name : names) {
            require(
                    NAME.matcher(name).matches(),
                    "declares a metric '" + Text.shown(name)
                            + "'; a name is up to 48 small letters, digits and underscores, a letter first");
            require(seen.add(name), "declares the metric '" + name + "' twice");
            require(
                    KnownMetric.named(name).isEmpty() && !name.equals("loss"),
                    "declares a metric '" + name + "', which is a standard one's name; choose another");
        }
    }

    /** Puts a metric's sum over rows among others. */
    public static void put(SortedMap<String, double[]> sums, String name, double sumOverRows) {
        sums.put(PREFIX + name, new double[] {sumOverRows});
    }

    /** Of the plan's own metrics in these sums. */
    public static List<String> names(EvaluationSums sums) {
        return sums.sums().keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .map(key -> key.substring(PREFIX.length()))
                .toList();
    }

    static double value(EvaluationSums sums, String name) {
        return Metrics.array(sums, PREFIX + name, 1)[0] / sums.count();
    }

    /** The keys of these metrics' sums. */
    static List<String> keys(List<String> names) {
        return names.stream().map(name -> PREFIX + name).toList();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, "the plan " + otherwise);
        }
    }
}
