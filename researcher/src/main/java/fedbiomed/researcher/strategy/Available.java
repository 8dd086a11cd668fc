package fedbiomed.researcher.strategy;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Asks those whose node is online when the round begins. Who was there is recorded before anybody is asked: a round that
 * is begun anew asks the same.
 *
 * @param atLeast fewest that must be online; else nobody is asked, and the round is one with too few answers
 * @param patience how long {@code atLeast} are waited for
 * @param count so many of those online, drawn at random, all alike likely; 0: all of them
 */
public record Available(int atLeast, Duration patience, int count) implements Selection {
    public static final String NAME = "available";
    static final String AT_LEAST = "at_least";
    static final String WAIT = "wait";
    static final String COUNT = "count";
    static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(7);

    public Available {
        Counts.require(AT_LEAST, atLeast, 1);
        Counts.require(COUNT, count, 0);
        if (patience.isNegative() || patience.compareTo(LONGEST_PATIENCE) > 0) {
            throw new IllegalArgumentException("strategy.wait is 0s (not at all) to "
                    + DurationText.of(LONGEST_PATIENCE) + ", not " + DurationText.of(patience));
        }
        if (count > 0 && count < atLeast) {
            throw new IllegalArgumentException("strategy.count is " + count + ", fewer than the " + atLeast
                    + " of strategy.at_least; raise the one or lower the other");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        var arguments = new TreeMap<String, Object>();
        arguments.put(AT_LEAST, atLeast);
        arguments.put(WAIT, DurationText.of(patience));
        if (count > 0) {
            arguments.put(COUNT, count);
        }
        return new Args(arguments);
    }

    @Override
    public int wanted(int participants) {
        return count == 0 ? participants : Math.min(count, participants);
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return Drawing.uniform(candidates.stream().filter(Candidate::online).toList(), count, random);
    }
}
