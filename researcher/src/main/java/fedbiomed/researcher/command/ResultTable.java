package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A round's test metrics, by participant and of all together. */
public final class ResultTable {
    private ResultTable() {}

    /** Of the final model, else of what the last round tested; empty if nothing was. */
    public static List<String> of(Experiment experiment) {
        return of(experiment, true);
    }

    /** As {@link #of}, with the last line alone: a thousand participants fill a screen. */
    public static List<String> ofAllTogether(Experiment experiment) {
        return of(experiment, false);
    }

    /** Of a test by itself. */
    public static List<String> of(String title, Evaluation test) {
        return lines(title, test.metrics(), test.pooled());
    }

    private static List<String> of(Experiment experiment, boolean each) {
        var last = experiment.summary(experiment.finishedRounds());
        var lines = new ArrayList<>(experiment
                .finalTest()
                .map(test -> lines("The global model on held-out rows:", each(each, test.metrics()), test.pooled()))
                .orElseGet(() -> of(last, each)));
        if (!last.withheldLine().isEmpty()) {
            lines.add(last.withheldLine());
        }
        return lines;
    }

    private static SortedMap<Participant, SequencedMap<String, Double>> each(
            boolean shown, SortedMap<Participant, SequencedMap<String, Double>> metrics) {
        return shown ? metrics : new TreeMap<>();
    }

    private static List<String> of(RoundSummary summary, boolean each) {
        if (!summary.pooledGlobal().isEmpty()) {
            return lines(
                    "The global model that round " + summary.round() + " began with, on held-out rows:",
                    each(each, summary.global()),
                    summary.pooledGlobal());
        }
        if (!summary.pooledLocal().isEmpty()) {
            return lines(
                    "Each participant's model of round " + summary.round() + " on its own held-out rows:",
                    each(each, summary.local()),
                    summary.pooledLocal());
        }
        return List.of();
    }

    private static List<String> lines(
            String title,
            SortedMap<Participant, SequencedMap<String, Double>> byParticipant,
            SequencedMap<String, Double> pooled) {
        var columns = MetricNames.forATable(pooled);
        var header = new ArrayList<String>();
        header.add("");
        columns.keySet().forEach(name -> header.add(MetricNames.shown(name)));
        var table = new TextTable(header.toArray(String[]::new));
        byParticipant.forEach((participant, metrics) -> table.row(row(participant.toString(), metrics, columns)));
        table.row(row("all together", pooled, columns));
        var lines = new ArrayList<String>();
        lines.add(title);
        lines.addAll(table.lines());
        return lines;
    }

    private static Object[] row(
            String name, SequencedMap<String, Double> metrics, SequencedMap<String, Double> columns) {
        var cells = new ArrayList<String>();
        cells.add(name);
        columns.keySet().forEach(column -> cells.add(figure(metrics.get(column))));
        return cells.toArray();
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
