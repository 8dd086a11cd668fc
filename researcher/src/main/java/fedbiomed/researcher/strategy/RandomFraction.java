package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Asks a share of the participants, drawn anew each round, all alike likely (McMahan et al. 2017,
 * "Communication-Efficient Learning of Deep Networks from Decentralized Data": its C).
 *
 * @param sample the share, over 0 to 1; rounded up to whole participants
 */
public record RandomFraction(double sample) implements Selection {
    public static final String NAME = "fraction";
    static final String SAMPLE = "sample";

    public RandomFraction {
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("strategy.sample must be over 0 and at most 1, not " + sample);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(SAMPLE, sample));
    }

    @Override
    public int wanted(int participants) {
        return Math.max(1, Management.ceil(sample, participants));
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return Drawing.uniform(candidates, count, random);
    }
}
