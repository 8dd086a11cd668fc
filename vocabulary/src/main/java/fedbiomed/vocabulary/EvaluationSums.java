package fedbiomed.vocabulary;

import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a test leaves behind that may leave the node: sums, counts and score histograms over the held-out rows, never a
 * row. Sums of several nodes add up ({@link #plus}) to those of the pooled rows, so that metrics computed from them are
 * the pooled ones ({@code fedbiomed.training.metrics} computes them and names the keys).
 *
 * @param task {@code classification} or {@code regression}
 * @param classes the plan's class names, in the plan's order; empty for regression
 * @param count held-out rows
 * @param sums by name; two parties' arrays under a name have the same length
 */
public record EvaluationSums(String task, List<String> classes, long count, SortedMap<String, double[]> sums) {
    public EvaluationSums {
        classes = List.copyOf(classes);
    }

    /** @throws IllegalArgumentException if the two are not of the same task, classes and shapes */
    public EvaluationSums plus(EvaluationSums other) {
        if (!task.equals(other.task)
                || !classes.equals(other.classes)
                || !sums.keySet().equals(other.sums.keySet())) {
            throw new IllegalArgumentException("test results of different kinds do not add up: " + task + " " + classes
                    + " " + sums.keySet() + " and " + other.task + " " + other.classes + " " + other.sums.keySet());
        }
        var total = new TreeMap<String, double[]>();
        sums.forEach((name, mine) -> {
            var theirs = other.sums.get(name);
            if (theirs == null || theirs.length != mine.length) {
                throw new IllegalArgumentException("test results of different shapes do not add up: " + name);
            }
            var sum = Arrays.copyOf(mine, mine.length);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += theirs[i];
            }
            total.put(name, sum);
        });
        return new EvaluationSums(task, classes, count + other.count, total);
    }
}
