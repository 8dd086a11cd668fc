package fedbiomed.researcher.experiment;

import fedbiomed.researcher.report.Curves;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How an experiment went, as curves over the rounds: the global model's metrics on all held-out rows together and on each
 * participant's, and each participant's training loss.
 */
final class RoundCurves {
    /** With more, nobody tells one line from another. */
    private static final int MOST_PARTICIPANTS = 5;

    private static final int COLUMNS = 3;
    private static final String ALL = "all together";

    private final List<RoundSummary> rounds;
    private final Optional<Evaluation> finalTest;
    private final List<Participant> participants;

    private RoundCurves(List<RoundSummary> rounds, Optional<Evaluation> finalTest) {
        this.rounds = rounds;
        this.finalTest = finalTest;
        var all = new TreeSet<Participant>();
        rounds.forEach(round -> round.outcomes().forEach(outcome -> all.add(outcome.participant())));
        participants = all.size() > MOST_PARTICIPANTS ? List.of() : List.copyOf(all);
    }

    /** @param finalTest of the model that the last round made; empty if there are fewer than two values to draw */
    static Optional<Curves> of(List<RoundSummary> rounds, Optional<Evaluation> finalTest) {
        return rounds.size() < 2 ? Optional.empty() : new RoundCurves(rounds, finalTest).draw();
    }

    private Optional<Curves> draw() {
        var curves = new Curves("", COLUMNS);
        boolean any = false;
        var losses = losses();
        if (!losses.isEmpty()) {
            curves.panel("training loss", losses);
            any = true;
        }
        var names = new LinkedHashMap<String, Double>();
        rounds.forEach(round -> names.putAll(MetricNames.forATable(round.pooledGlobal())));
        for (var name : names.keySet()) {
            curves.panel(MetricNames.shown(name) + " of the global model", tests(name));
            any = true;
        }
        return any ? Optional.of(curves) : Optional.empty();
    }

    private SequencedMap<String, List<Double>> losses() {
        var lines = new LinkedHashMap<String, List<Double>>();
        put(lines, ALL, line(RoundSummary::loss, 1));
        participants.forEach(participant -> put(lines, participant.toString(), line(loss(participant), 1)));
        return lines;
    }

    private static Function<RoundSummary, @Nullable Double> loss(Participant participant) {
        return round -> round.outcomes().stream()
                .filter(outcome -> outcome.participant().equals(participant) && outcome.askedIn() == null)
                .map(ParticipantOutcome::reply)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .map(reply -> reply.loss())
                .orElse(null);
    }

    /** A round tests the model that it begins with. */
    private SequencedMap<String, List<Double>> tests(String metric) {
        var lines = new LinkedHashMap<String, List<Double>>();
        var all = line(round -> round.pooledGlobal().get(metric), 0);
        finalTest.ifPresent(test -> all.set(rounds.size(), orNaN(test.pooled().get(metric))));
        put(lines, ALL, all);
        for (var participant : participants) {
            var line = line(round -> of(round.global(), participant, metric), 0);
            finalTest.ifPresent(test -> line.set(rounds.size(), orNaN(of(test.metrics(), participant, metric))));
            put(lines, participant.toString(), line);
        }
        return lines;
    }

    private static @Nullable Double of(
            SortedMap<Participant, SequencedMap<String, Double>> metrics, Participant participant, String metric) {
        var own = metrics.get(participant);
        return own == null ? null : own.get(metric);
    }

    /** @param after of how many more rounds than were finished before it a round's value tells */
    private List<Double> line(Function<RoundSummary, @Nullable Double> value, int after) {
        var line = new ArrayList<>(Collections.nCopies(rounds.size() + 1, Double.NaN));
        for (int i = 0; i < rounds.size(); i++) {
            line.set(i + after, orNaN(value.apply(rounds.get(i))));
        }
        return line;
    }

    private static void put(SequencedMap<String, List<Double>> lines, String name, List<Double> line) {
        if (line.stream().anyMatch(Double::isFinite)) {
            lines.put(name, line);
        }
    }

    private static double orNaN(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
