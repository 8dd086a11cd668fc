package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Made-up participants, and the rounds that a strategy would ask them in. */
final class Cohort {
    private final TreeMap<Participant, ParticipantHistory> histories = new TreeMap<>();
    final TreeSet<Participant> online = new TreeSet<>();

    Cohort(int size) {
        for (int i = 0; i < size; i++) {
            histories.put(participant(i), ParticipantHistory.NONE);
            online.add(participant(i));
        }
    }

    static Participant participant(int i) {
        return new Participant(PartyId.of("node-%02d".formatted(i)), "d");
    }

    static SortedSet<Participant> participants(int... numbers) {
        var all = new TreeSet<Participant>();
        for (int i : numbers) {
            all.add(participant(i));
        }
        return all;
    }

    /** The i-th has {@code 100 * (i + 1)} rows. */
    List<Candidate> candidates() {
        var candidates = new ArrayList<Candidate>();
        histories.forEach((participant, history) -> candidates.add(
                new Candidate(participant, 100L * (candidates.size() + 1), online.contains(participant), history)));
        return candidates;
    }

    Choice choose(Strategy strategy, int round, Participant... awaited) {
        return Choice.of(
                strategy, candidates(), new TreeSet<>(List.of(awaited)), round, () -> new Random(1000L + round));
    }

    /** A round that asked these, of whom some failed. */
    void played(int round, Collection<Participant> asked, ParticipantHistory.Attendance how, int... those) {
        var failed = participants(those);
        for (var participant : asked) {
            histories.merge(
                    participant,
                    ParticipantHistory.NONE,
                    (before, _) -> before.askedIn(round)
                            .after(failed.contains(participant) ? how : ParticipantHistory.Attendance.ANSWERED));
        }
    }
}
