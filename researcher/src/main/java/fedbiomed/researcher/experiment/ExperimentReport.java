package fedbiomed.researcher.experiment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.researcher.report.HtmlPage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/** Writes {@code report.html}: arguments, and metrics by round and participant. */
final class ExperimentReport {
    private ExperimentReport() {}

    static void write(ExperimentParts parts) {
        int last = parts.folder().lastFinishedRound();
        var page = new HtmlPage(parts.source().className() + ", " + Math.max(0, last) + " rounds");
        page.heading("Arguments");
        page.preformatted(new String(ExperimentYaml.write(parts.arguments()), StandardCharsets.UTF_8));
        var rounds = new ArrayList<List<String>>();
        var tests = new ArrayList<List<String>>();
        var names = new ArrayList<String>();
        for (int round = 1; round <= last; round++) {
            var summary = RoundSummary.of(round, parts.folder().round(round).replies(), parts.metrics());
            var loss = summary.loss();
            rounds.add(List.of(
                    "" + round,
                    summary.accepted() + " of " + summary.outcomes().size(),
                    "" + summary.samples(),
                    loss == null ? "" : figure(loss)));
            if (names.isEmpty()) {
                names.addAll(summary.pooledGlobal().keySet());
            }
            for (Map.Entry<String, SequencedMap<String, Double>> row :
                    rows(summary).entrySet()) {
                var cells = new ArrayList<>(List.of("" + round, row.getKey()));
                names.forEach(name -> cells.add(figure(row.getValue().get(name))));
                tests.add(cells);
            }
        }
        page.heading("Rounds");
        page.table(List.of("round", "answers", "training rows", "training loss"), rounds);
        if (!names.isEmpty()) {
            var header = new ArrayList<>(List.of("round", "held-out rows of"));
            header.addAll(names);
            page.heading("The global model, as each round began with it, on held-out rows");
            page.table(header, tests);
        }
        try {
            AtomicFiles.write(parts.folder().report(), page.html().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + parts.folder().report(), e);
        }
    }

    private static Map<String, SequencedMap<String, Double>> rows(RoundSummary summary) {
        var rows = new TreeMap<String, SequencedMap<String, Double>>();
        summary.global().forEach((participant, metrics) -> rows.put(participant.toString(), metrics));
        if (!summary.pooledGlobal().isEmpty()) {
            rows.put("~ all together", summary.pooledGlobal());
        }
        return rows;
    }

    private static String figure(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? "" : String.format(java.util.Locale.ROOT, "%.4f", value);
    }
}
