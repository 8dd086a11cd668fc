package fedbiomed.researcher.notebook;

import fedbiomed.researcher.Datasets;
import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ParticipantOutcome;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.report.Curves;
import fedbiomed.researcher.report.HtmlPage;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A table or a drawing in the form in which a notebook takes it. On the Java kernels {@code display(shown.content(),
 * shown.type())} shows it. What nodes and files say is escaped.
 *
 * @param type a MIME type: {@code text/html} or {@code image/svg+xml}
 */
public record Display(String type, String content) {
    private static final String HTML = "text/html";
    private static final String SVG = "image/svg+xml";
    /** The mean loss that the nodes told while they trained. */
    private static final String LOSS = "loss";

    /** What the federation offers, a row a dataset, and who did not answer. */
    public static Display of(Datasets datasets) {
        var page = new HtmlPage("");
        page.table(
                List.of("node", "dataset", "name", "kind", "rows", "columns", "tags", "trusted"),
                datasets.offered().stream()
                        .map(offer -> List.of(
                                offer.node().value(),
                                offer.dataset().id(),
                                offer.dataset().name(),
                                offer.dataset().kind(),
                                "" + offer.dataset().rows(),
                                "" + offer.dataset().columns().size(),
                                String.join(", ", offer.dataset().tags()),
                                offer.trusted() ? "yes" : "no"))
                        .map(Display::shown)
                        .toList());
        datasets.silences().forEach(silence -> page.paragraph(Text.shown(silence)));
        return new Display(HTML, page.fragment());
    }

    /** What became of each participant in a round, with what it told of its training. */
    public static Display of(RoundSummary round) {
        var page = new HtmlPage("").paragraph("Round " + round.round() + ": " + round.tally());
        page.table(
                List.of("participant", "answer", "training rows", "updates", "loss"),
                round.outcomes().stream()
                        .map(Display::outcome)
                        .map(Display::shown)
                        .toList());
        return new Display(HTML, page.fragment());
    }

    private static List<String> outcome(ParticipantOutcome outcome) {
        var reply = outcome.reply();
        return List.of(
                outcome.participant().toString(),
                outcome.status().text() + (outcome.text().isEmpty() ? "" : ": " + outcome.text()),
                reply == null ? "-" : "" + reply.samples(),
                reply == null ? "-" : "" + reply.updates(),
                figure(reply == null ? null : reply.loss()));
    }

    /** A model's test, a row a participant, and all held-out rows together. */
    public static Display of(Evaluation test) {
        var names = MetricNames.forATable(test.pooled()).keySet();
        var counts = new TreeMap<Participant, Long>();
        test.sums().forEach((participant, sums) -> counts.put(participant, sums.count()));
        var rows = new ArrayList<List<String>>();
        test.metrics()
                .forEach((participant, metrics) ->
                        rows.add(row(participant.toString(), "" + counts.get(participant), metrics, names)));
        var page = new HtmlPage("")
                .table(
                        header(List.of("held-out rows of", "rows"), names),
                        rows,
                        row("all together", "" + test.rows(), test.pooled(), names));
        return new Display(HTML, page.fragment());
    }

    /** The finished rounds of an experiment, a row each, with the metrics of the model that the round began with. */
    public static Display rounds(Experiment experiment) {
        var summaries = summaries(experiment);
        var names = summaries.stream()
                .flatMap(round -> MetricNames.forATable(round.pooledGlobal()).keySet().stream())
                .distinct()
                .toList();
        var rows = summaries.stream()
                .map(round -> {
                    var cells = new ArrayList<>(
                            List.of("" + round.round(), round.tally(), "" + round.samples(), figure(round.loss())));
                    names.forEach(name -> cells.add(figure(round.pooledGlobal().get(name))));
                    return shown(cells);
                })
                .toList();
        var page = new HtmlPage("").table(header(List.of("round", "answers", "training rows", LOSS), names), rows);
        return new Display(HTML, page.fragment());
    }

    /**
     * A metric of the global model, round by round: as {@code test_on_global_updates} found it before each round, and in
     * the end.
     *
     * @param metric as {@code log_loss}; {@code loss}: the mean training loss
     * @throws IllegalArgumentException naming the metrics that there are
     */
    public static Display curve(Experiment experiment, String metric) {
        return curves(
                metric,
                new LinkedHashMap<>(Map.of(experiment.arguments().aggregator().name(), experiment)));
    }

    /** As {@link #curve(Experiment, String)}, of several experiments in one drawing, by the names that are given them. */
    public static Display curves(String metric, SequencedMap<String, Experiment> experiments) {
        var lines = new LinkedHashMap<String, List<Double>>();
        experiments.forEach((name, experiment) -> lines.put(name, values(experiment, metric)));
        var shown = MetricNames.shown(metric);
        return new Display(SVG, new Curves(shown, 1).panel("", lines).svg());
    }

    private static List<Double> values(Experiment experiment, String metric) {
        var summaries = summaries(experiment);
        var values = new ArrayList<Double>();
        if (metric.equals(LOSS)) {
            values.add(Double.NaN);
            summaries.forEach(round -> values.add(orNaN(round.loss())));
            return values;
        }
        summaries.forEach(round -> values.add(orNaN(round.pooledGlobal().get(metric))));
        experiment.finalTest().ifPresent(test -> values.add(orNaN(test.pooled().get(metric))));
        if (values.stream().allMatch(value -> value.isNaN())) {
            throw new IllegalArgumentException("no round tells the metric '" + Text.shown(metric) + "'; there are "
                    + LOSS
                    + summaries.stream()
                            .flatMap(round -> round.pooledGlobal().keySet().stream())
                            .distinct()
                            .reduce("", (all, name) -> all + ", " + name)
                    + ". Tests come of training_args test_ratio and test_on_global_updates");
        }
        return values;
    }

    private static List<RoundSummary> summaries(Experiment experiment) {
        var summaries = new ArrayList<RoundSummary>();
        for (int round = 1; round <= experiment.finishedRounds(); round++) {
            summaries.add(experiment.summary(round));
        }
        return summaries;
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }

    private static List<String> header(List<String> first, Collection<String> names) {
        var header = new ArrayList<>(first);
        names.forEach(name -> header.add(MetricNames.shown(name)));
        return header;
    }

    private static List<String> row(
            String whose, String rows, SequencedMap<String, Double> metrics, Collection<String> names) {
        var cells = new ArrayList<>(List.of(whose, rows));
        names.forEach(name -> cells.add(figure(metrics.get(name))));
        return shown(cells);
    }

    private static List<String> shown(List<String> cells) {
        return cells.stream().map(Text::shown).toList();
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
