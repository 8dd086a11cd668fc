package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;
import fedbiomed.researcher.report.HtmlPage;
import fedbiomed.researcher.report.Timeline;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The report's part on where the time went: means by participant and phase, and the last rounds as a timeline. */
final class TimeReport {
    private static final int DRAWN_ROUNDS = 12;
    private static final int DRAWN_PARTICIPANTS = 40;
    private static final String RESEARCHER = "(researcher)";
    private static final double MILLIS_PER_SECOND = 1000;
    private static final double BYTES_PER_MEGABYTE = 1e6;

    /** As it is drawn: the smaller parts of a node's work go with those that they belong to. */
    private static final Map<String, String> DRAWN_AS = Map.of("compile", "start", "write", "upload");

    private static final List<String> PHASES =
            List.of("waiting", "download", "start", "load", "train", "test", "upload", "fetch");

    private final HtmlPage page;
    private final List<Timed> rounds = new ArrayList<>();

    private record Timed(RoundSummary summary, RoundTimings timings) {}

    /** What one participant took in all rounds. */
    private static final class Sums {
        final SequencedMap<String, Long> millis = new java.util.LinkedHashMap<>();
        int rounds;
        long toNode;
        long fromNode;
        long lostScalars;

        void add(ParticipantOutcome outcome, Reply.Train reply, Exchange exchange) {
            rounds++;
            lostScalars += outcome.lostScalars();
            toNode += exchange.bytesToNode();
            fromNode += exchange.bytesFromNode();
            millis.merge("waiting", exchange.waitingMillis(reply), Long::sum);
            millis.merge("fetch", exchange.fetchMillis(), Long::sum);
            NodePhases.of(reply.timings(), exchange.answeredMillis())
                    .forEach((phase, ms) -> millis.merge(DRAWN_AS.getOrDefault(phase, phase), ms, Long::sum));
        }

        String mean(String phase) {
            return String.format(Locale.ROOT, "%.2f", millis.getOrDefault(phase, 0L) / MILLIS_PER_SECOND / rounds);
        }
    }

    private TimeReport(HtmlPage page, ExperimentFolder folder, List<RoundSummary> summaries) {
        this.page = page;
        for (var summary : summaries) {
            folder.round(summary.round()).timings().ifPresent(timings -> rounds.add(new Timed(summary, timings)));
        }
    }

    /** Adds nothing where no round was measured. */
    static void write(HtmlPage page, ExperimentFolder folder, List<RoundSummary> summaries) {
        var report = new TimeReport(page, folder, summaries);
        if (!report.rounds.isEmpty()) {
            page.heading("Where the time went");
            report.table();
            report.timeline();
        }
    }

    private void table() {
        var sums = new TreeMap<Participant, Sums>();
        for (var round : rounds) {
            for (var outcome : round.summary.outcomes()) {
                var reply = outcome.reply();
                var exchange = outcome.exchange();
                if (reply != null && exchange != null) {
                    sums.computeIfAbsent(outcome.participant(), _ -> new Sums()).add(outcome, reply, exchange);
                }
            }
        }
        var header = new ArrayList<>(List.of("seconds a round, mean", "answers"));
        header.addAll(PHASES);
        header.addAll(List.of("MB to", "MB from", "lost"));
        page.table(header, rows(sums));
        page.remark(
                "Waiting: what of the time until the answer was there the node does not account for: other work at the"
                        + " node, the messages' way, its absence. Start: the worker's process and the plan. Fetch: the researcher"
                        + " brings the update and checks it. MB (10^6 bytes): what the parameter store carried, sealed, in all"
                        + " rounds. The researcher itself took " + mean("publish")
                        + " s a round to publish the model, and "
                        + mean("aggregate") + " s to aggregate. Lost:"
                        + " numbers of running trainings on their way to the monitor: curves have gaps there, results do not.");
    }

    private static List<List<String>> rows(SortedMap<Participant, Sums> sums) {
        var rows = new ArrayList<List<String>>();
        sums.forEach((participant, sum) -> {
            var cells = new ArrayList<>(List.of(participant.toString(), "" + sum.rounds));
            PHASES.forEach(phase -> cells.add(sum.mean(phase)));
            cells.add(megabytes(sum.toNode));
            cells.add(megabytes(sum.fromNode));
            cells.add("" + sum.lostScalars);
            rows.add(cells);
        });
        return rows;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.3f", bytes / BYTES_PER_MEGABYTE);
    }

    private String mean(String phase) {
        return String.format(
                Locale.ROOT,
                "%.2f",
                rounds.stream()
                                .mapToLong(round -> round.timings.phases().of(phase))
                                .average()
                                .orElse(0)
                        / MILLIS_PER_SECOND);
    }

    private void timeline() {
        var drawn = rounds.subList(Math.max(0, rounds.size() - DRAWN_ROUNDS), rounds.size());
        var all = drawn.stream()
                .flatMap(round -> round.summary.outcomes().stream())
                .filter(outcome -> outcome.exchange() != null)
                .map(outcome -> outcome.participant().toString())
                .distinct()
                .sorted()
                .toList();
        var lanes = new ArrayList<>(all.subList(0, Math.min(all.size(), DRAWN_PARTICIPANTS)));
        lanes.add(RESEARCHER);
        page.timeline(
                new Timeline(lanes, drawn.stream().map(TimeReport::stretch).toList()));
        page.remark(
                (drawn.size() < rounds.size() ? "The last " + drawn.size() + " of " + rounds.size() + " rounds. " : "")
                        + (all.size() > DRAWN_PARTICIPANTS
                                ? "The first " + DRAWN_PARTICIPANTS + " of " + all.size() + " participants. "
                                : "")
                        + "By the researcher's clock: a node's work is drawn to end when its answer came, and what it waited before.");
    }

    private static Timeline.Stretch stretch(Timed round) {
        var spans = new ArrayList<Timeline.Span>();
        long total = round.timings.totalMillis();
        for (var outcome : round.summary.outcomes()) {
            var reply = outcome.reply();
            var exchange = outcome.exchange();
            if (reply != null && exchange != null) {
                spans(spans, outcome.participant().toString(), reply, exchange, begun(round.timings, exchange), total);
            }
        }
        long publish = round.timings.phases().of("publish");
        long aggregate = round.timings.phases().of("aggregate");
        spans.add(new Timeline.Span(RESEARCHER, "publish", 0, Math.min(total, publish)));
        spans.add(
                new Timeline.Span(RESEARCHER, "aggregate", Math.max(0, total - aggregate), Math.min(total, aggregate)));
        return new Timeline.Stretch("round " + round.summary.round(), total, spans);
    }

    /** When it was asked; one that an earlier attempt of the round has asked is drawn at the round's beginning. */
    private static long begun(RoundTimings round, Exchange exchange) {
        return Math.max(
                0,
                Duration.between(Instant.parse(round.begun()), Instant.parse(exchange.asked()))
                        .toMillis());
    }

    private static void spans(
            List<Timeline.Span> spans, String lane, Reply.Train reply, Exchange exchange, long begun, long total) {
        var phases = new java.util.LinkedHashMap<String, Long>();
        phases.put("waiting", exchange.waitingMillis(reply));
        phases.putAll(NodePhases.of(reply.timings(), exchange.answeredMillis()));
        phases.put("fetch", exchange.fetchMillis());
        long at = begun;
        for (var phase : phases.entrySet()) {
            long shown = Math.min(phase.getValue(), total - at);
            if (shown > 0) {
                spans.add(new Timeline.Span(lane, DRAWN_AS.getOrDefault(phase.getKey(), phase.getKey()), at, shown));
                at += shown;
            }
        }
    }
}
