package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks {@code count} participants a round, in turn: those that were asked longest ago come first, and in participants'
 * order among themselves. Who was left out for a while takes its turn when it is back.
 */
public record RoundRobin(int count) implements Selection {
    public static final String NAME = "round_robin";
    static final String COUNT = "count";

    public RoundRobin {
        Counts.require(COUNT, count, 1);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(COUNT, count));
    }

    @Override
    public int wanted(int participants) {
        return Math.min(count, participants);
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return candidates.stream()
                .sorted(Comparator.comparingInt(
                                (Candidate candidate) -> candidate.history().lastAsked())
                        // of those that one round asked: who began a new turn in it comes last
                        .thenComparingInt(candidate -> candidate.history().asked())
                        .thenComparing(Comparator.naturalOrder()))
                .limit(count)
                .map(Candidate::participant)
                .toList();
    }
}
