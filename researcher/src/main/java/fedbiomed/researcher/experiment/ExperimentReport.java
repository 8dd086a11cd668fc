package fedbiomed.researcher.experiment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.report.HtmlPage;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.ShownTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes {@code report.html}: what came of the experiment, on which data, how it went, and what it takes to repeat it. */
final class ExperimentReport {
    private static final int FINGERPRINT_CHARS = 12;

    private final ExperimentParts parts;
    private final List<RoundSummary> rounds = new ArrayList<>();
    private final Scores scores = new Scores();
    private final Optional<Evaluation> finalTest;
    private final HtmlPage page;

    private ExperimentReport(ExperimentParts parts) {
        this.parts = parts;
        int last = parts.folder().lastFinishedRound();
        for (int round = 1; round <= last; round++) {
            var summary = RoundSummary.read(round, parts.folder().round(round), parts.metrics());
            rounds.add(summary);
            scores.add(summary);
        }
        finalTest = last < 1 ? Optional.empty() : parts.folder().round(last).test(parts.metrics());
        finalTest.ifPresent(test -> scores.addTest(last, test));
        page = new HtmlPage(parts.source().className());
    }

    static void write(ExperimentParts parts) {
        var report = new ExperimentReport(parts);
        report.lead();
        report.result();
        report.data();
        report.course();
        TimeReport.write(report.page, parts.folder(), report.rounds);
        report.origin();
        try {
            AtomicFiles.write(parts.folder().report(), report.page.html().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + parts.folder().report(), e);
        }
    }

    private void lead() {
        var datasets = parts.begun().participants();
        long nodes =
                datasets.stream().map(d -> d.participant().node()).distinct().count();
        long rows = datasets.stream().mapToLong(ChosenDataset::rows).sum();
        page.paragraph(rounds.size() + " of " + counted(parts.arguments().rounds(), "round") + " trained on "
                + counted(datasets.size(), "dataset") + " of " + counted(nodes, "node") + " with "
                + String.format(Locale.ROOT, "%,d", rows) + " rows together, for the researcher "
                + parts.begun().researcher() + ".");
        var rule = parts.arguments().earlyStopping();
        var ended = rule == null || rounds.size() >= parts.arguments().rounds() ? null : scores.end(rule);
        if (ended != null) {
            page.paragraph("It ended early: " + ended + ".");
        }
        page.remark(
                "No row left its node. What nodes sent: trained parameters, sums and counts of columns where the plan's"
                        + " pre-processing needs them, training losses, and the sums behind the figures below.");
    }

    private void result() {
        page.heading("Result");
        if (finalTest.isPresent()) {
            var test = finalTest.get();
            var counts = new TreeMap<Participant, Long>();
            test.sums().forEach((participant, sums) -> counts.put(participant, sums.count()));
            page.paragraph("The global model, on rows that were held out of training:");
            tested(counts, test.metrics(), test.pooled());
        } else {
            resultOfRounds();
        }
        var best = scores.best();
        if (rounds.size() > 1 && !best.isEmpty()) {
            page.paragraph("Best round by "
                    + best.stream()
                            .map(one -> MetricNames.shown(one.metric()) + ": " + one.round() + " ("
                                    + figure(one.value()) + ")")
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        if (!rounds.isEmpty() && !rounds.getLast().withheldLine().isEmpty()) {
            page.paragraph(rounds.getLast().withheldLine());
        }
    }

    private void resultOfRounds() {
        var tested = rounds.reversed().stream()
                .filter(round -> !round.pooledGlobal().isEmpty())
                .findFirst();
        if (tested.isEmpty()) {
            page.paragraph("The global model was not tested: "
                    + (rounds.isEmpty() || rounds.getLast().withheld().isEmpty()
                            ? "training_args.test_on_global_updates is off, or test_ratio is 0."
                            : "metrics are not given."));
            return;
        }
        var round = tested.get();
        page.paragraph("The global model that round " + round.round()
                + " began with, on rows that were held out of training:");
        var counts = new TreeMap<Participant, Long>();
        for (var outcome : round.outcomes()) {
            var test = outcome.reply() == null ? null : outcome.reply().globalTest();
            if (test != null) {
                counts.put(outcome.participant(), test.count());
            }
        }
        tested(counts, round.global(), round.pooledGlobal());
    }

    private void tested(
            SortedMap<Participant, Long> counts,
            SortedMap<Participant, SequencedMap<String, Double>> metrics,
            SequencedMap<String, Double> pooled) {
        var names = pooled.keySet();
        var rows = new ArrayList<List<String>>();
        metrics.forEach((participant, figures) ->
                rows.add(figures(List.of(participant.toString(), "" + counts.get(participant)), figures, names)));
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        page.table(
                header(List.of("held-out rows of", "rows"), names),
                rows,
                figures(List.of("all together", "" + all), pooled, names));
        page.remark(
                "The last row is not a mean of the rows above it: it is computed from their sums, as if all held-out rows"
                        + " lay in one place.");
    }

    private void data() {
        page.heading("Data");
        var rows = new ArrayList<List<String>>();
        for (var dataset : parts.begun().participants()) {
            long answered = rounds.stream()
                    .filter(round -> round.outcomes().stream()
                            .anyMatch(outcome ->
                                    outcome.participant().equals(dataset.participant()) && outcome.reply() != null))
                    .count();
            rows.add(List.of(
                    dataset.participant().node().toString(),
                    dataset.name(),
                    dataset.participant().dataset(),
                    "" + dataset.rows(),
                    trainingRows(dataset.participant()),
                    answered + " of " + rounds.size(),
                    dataset.fingerprint().substring(0, FINGERPRINT_CHARS)));
        }
        page.table(List.of("node", "dataset", "id", "rows", "training rows", "rounds", "fingerprint"), rows);
    }

    private String trainingRows(Participant participant) {
        return rounds.reversed().stream()
                .flatMap(round -> round.outcomes().stream())
                .filter(outcome -> outcome.participant().equals(participant))
                .map(ParticipantOutcome::reply)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .map(reply -> "" + reply.samples())
                .orElse("-");
    }

    private void course() {
        page.heading("Rounds");
        var last = parts.folder().lastFinishedRound();
        RoundCurves.of(
                        rounds,
                        last < 1 ? Optional.empty() : parts.folder().round(last).test(parts.metrics()))
                .ifPresent(page::curves);
        var names = new ArrayList<String>();
        rounds.forEach(round -> MetricNames.forATable(round.pooledGlobal()).keySet().stream()
                .filter(name -> !names.contains(name))
                .forEach(names::add));
        var rows = new ArrayList<List<String>>();
        var missing = new TreeMap<Integer, String>();
        var used = new TreeMap<Integer, String>();
        for (var round : rounds) {
            var cells = new ArrayList<>(List.of(
                    "" + round.round(),
                    round.accepted() + " of " + round.asked(),
                    "" + round.samples(),
                    figure(round.loss())));
            names.forEach(name -> cells.add(figure(round.pooledGlobal().get(name))));
            rows.add(cells);
            round.outcomes().stream()
                    .filter(outcome -> outcome.status() != OutcomeStatus.ACCEPTED)
                    .forEach(outcome -> (outcome.reply() == null ? missing : used)
                            .merge(round.round(), outcome.line(), (one, other) -> one + "; " + other));
        }
        page.table(header(List.of("round", "answers", "training rows", "training loss"), names), rows);
        if (!names.isEmpty()) {
            page.remark(
                    "Test figures are those of the model that the round began with, on all held-out rows together.");
        }
        var broken = parts.folder().brokenRound();
        if (!broken.isEmpty()) {
            page.paragraph("Round " + (rounds.size() + 1) + " was given up: "
                    + broken.stream().map(ParticipantOutcome::line).collect(Collectors.joining("; ")) + ".");
        }
        missing.forEach((round, lines) -> page.paragraph("Round " + round + " without " + lines + "."));
        used.forEach((round, lines) -> page.paragraph("Round " + round + " with " + lines + "."));
        var leftOut =
                rounds.stream().filter(round -> !round.leftOut().isEmpty()).toList();
        leftOut.forEach(round -> page.paragraph("Round " + round.round() + " left out: "
                + round.leftOut().stream()
                        .map(one -> one.participant() + " (" + one.text() + ")")
                        .collect(Collectors.joining("; "))
                + "."));
        page.folded(
                "Who took part, round by round",
                rounds.stream().map(ExperimentReport::tookPart).collect(Collectors.joining("\n")));
    }

    private static String tookPart(RoundSummary round) {
        var asked = round.outcomes().stream()
                .filter(outcome -> outcome.askedIn() == null)
                .map(outcome -> outcome.participant() + " " + outcome.status().text())
                .collect(Collectors.joining(", "));
        var earlier = round.outcomes().stream()
                .filter(outcome -> outcome.askedIn() != null)
                .map(outcome ->
                        outcome.participant() + " " + outcome.status().text() + ", asked in round " + outcome.askedIn())
                .collect(Collectors.joining(", "));
        return "Round " + round.round() + (round.skipped() ? ", skipped" : "") + ": asked: "
                + (asked.isEmpty() ? "nobody" : asked)
                + (earlier.isEmpty() ? "" : "; of earlier rounds: " + earlier);
    }

    private void origin() {
        page.heading("To repeat it");
        var pairs = new LinkedHashMap<String, String>();
        pairs.put("Global model", "rounds/%04d/%s".formatted(rounds.size(), ExperimentFolder.GLOBAL));
        pairs.put(
                "Training plan",
                parts.source().className() + ", id " + parts.source().id());
        pairs.put("Aggregator", described(parts.arguments().aggregator()));
        pairs.put("Strategy", described(parts.arguments().strategy()));
        pairs.put("Seed", "" + parts.arguments().seed());
        pairs.put("Begun", ShownTime.of(Instant.parse(parts.begun().since())));
        pairs.put("Run", parts.begun().runId());
        var origin = parts.begun().origin();
        if (origin != null) {
            pairs.put("Origin", ExperimentInfo.text(origin));
        }
        var version = Researcher.class.getPackage().getImplementationVersion();
        pairs.put(
                "Versions",
                "Fed-BioMed for Java " + (version == null ? "(development)" : version) + ", Java " + Runtime.version());
        page.pairs(pairs);
        page.folded(
                "All arguments (experiment.yaml)",
                new String(ExperimentYaml.write(parts.arguments()), StandardCharsets.UTF_8));
        page.folded("The training plan's text", parts.source().text());
    }

    private static String described(NamedArgs args) {
        return args.name()
                + (args.args().values().isEmpty() ? "" : " " + args.args().values());
    }

    private static List<String> header(List<String> first, Collection<String> names) {
        var header = new ArrayList<>(first);
        names.forEach(name -> header.add(MetricNames.shown(name)));
        return header;
    }

    private static List<String> figures(
            List<String> first, SequencedMap<String, Double> metrics, Collection<String> names) {
        var cells = new ArrayList<>(first);
        names.forEach(name -> cells.add(figure(metrics.get(name))));
        return cells;
    }

    private static String figure(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String counted(long count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
