package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Asks the same participants in every round; the experiment's others are there for tests and statistics. */
public record FixedList(SortedSet<Participant> participants) implements Selection {
    public static final String NAME = "fixed";
    static final String PARTICIPANTS = "participants";

    public FixedList {
        participants = Collections.unmodifiableSortedSet(new TreeSet<>(participants));
        if (participants.isEmpty()) {
            throw new IllegalArgumentException(
                    "strategy.participants must name at least one, as node/dataset ('fedbiomed datasets' shows them)");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(
                PARTICIPANTS, participants.stream().map(Participant::toString).toList()));
    }

    @Override
    public int wanted(int all) {
        return participants.size();
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return candidates.stream()
                .map(Candidate::participant)
                .filter(participants::contains)
                .toList();
    }

    @Override
    public String problemFor(SortedSet<Participant> all) {
        return Participants.unknown(PARTICIPANTS, participants, all);
    }
}
