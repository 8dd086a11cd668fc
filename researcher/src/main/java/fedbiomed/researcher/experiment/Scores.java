package fedbiomed.researcher.experiment;

import fedbiomed.training.metrics.MetricDirection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How each round's model did. The global model that a round made is tested in the next one, or at the experiment's end;
 * an update is tested in the round that made it.
 */
final class Scores {
    private final SortedMap<Integer, SequencedMap<String, Double>> global = new TreeMap<>();
    private final SortedMap<Integer, SequencedMap<String, Double>> local = new TreeMap<>();
    private final SortedMap<Integer, Double> losses = new TreeMap<>();

    /** Of all that is in the folder. */
    static Scores of(ExperimentParts parts) {
        var scores = new Scores();
        int last = parts.folder().lastFinishedRound();
        for (int round = 1; round <= last; round++) {
            scores.add(RoundSummary.read(round, parts.folder().round(round), parts.metrics()));
        }
        if (last > 0) {
            parts.folder().round(last).test(parts.metrics()).ifPresent(test -> scores.addTest(last, test));
        }
        return scores;
    }

    void add(RoundSummary summary) {
        if (!summary.pooledGlobal().isEmpty()) {
            global.put(summary.round() - 1, summary.pooledGlobal());
        }
        if (!summary.pooledLocal().isEmpty()) {
            local.put(summary.round(), summary.pooledLocal());
        }
        var loss = summary.loss();
        if (loss != null) {
            losses.put(summary.round(), loss);
        }
    }

    /** @param round that made the model */
    void addTest(int round, Evaluation test) {
        if (!test.pooled().isEmpty()) {
            global.put(round, test.pooled());
        }
    }

    /** The global model's, by the round that made it. */
    SortedMap<Integer, Double> of(String metric) {
        return of(metric, EarlyStopping.Of.GLOBAL);
    }

    private SortedMap<Integer, Double> of(String metric, EarlyStopping.Of of) {
        if (metric.equals(EarlyStopping.TRAINING_LOSS)) {
            return losses;
        }
        var values = new TreeMap<Integer, Double>();
        (of == EarlyStopping.Of.GLOBAL ? global : local).forEach((round, metrics) -> {
            var value = metrics.get(metric);
            if (value != null) {
                values.put(round, value);
            }
        });
        return values;
    }

    /** The first of the best; empty if no model was tested by this metric. */
    Optional<BestRound> best(String metric, MetricDirection direction) {
        return best(of(metric), direction, 0).map(round -> new BestRound(metric, round, value(of(metric), round)));
    }

    private static double value(SortedMap<Integer, Double> values, int round) {
        return values.getOrDefault(round, Double.NaN);
    }

    private static Optional<Integer> best(SortedMap<Integer, Double> values, MetricDirection direction, double delta) {
        Integer best = null;
        for (var entry : values.entrySet()) {
            if (best == null || direction.isBetter(entry.getValue(), value(values, best), delta)) {
                best = entry.getKey();
            }
        }
        return Optional.ofNullable(best);
    }

    /** By each metric that the global model's tests told and that gets better one way or the other. */
    List<BestRound> best() {
        var names = new LinkedHashSet<String>();
        global.values().forEach(metrics -> names.addAll(metrics.keySet()));
        var best = new ArrayList<BestRound>();
        names.forEach(name -> MetricDirection.of(name)
                .flatMap(direction -> best(name, direction))
                .ifPresent(best::add));
        return best;
    }

    /** Says why no further round is to be run; {@code null} if one is. */
    @Nullable
    String end(EarlyStopping rule) {
        var values = of(rule.metric(), rule.of());
        var best = best(values, rule.direction(), rule.minDelta());
        if (best.isEmpty()) {
            return null;
        }
        long since = values.tailMap(best.get() + 1).size();
        if (since < rule.patience()) {
            return null;
        }
        return "'" + rule.metric() + "' has not got better"
                + (rule.minDelta() > 0 ? " by more than " + rule.minDelta() : "") + " than after round "
                + best.get()
                + " (" + figure(value(values, best.get())) + ") in " + since + " later round" + (since == 1 ? "" : "s")
                + " (early_stopping)";
    }

    private static String figure(double value) {
        return String.format(java.util.Locale.ROOT, "%.4g", value);
    }
}
