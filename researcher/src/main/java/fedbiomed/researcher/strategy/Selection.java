package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.random.RandomGenerator;

/**
 * Whom a round asks. {@link Management} goes around it: who is left out never comes here, and over-selection asks for more
 * than are {@link #wanted}. One of your own needs {@link #name} and {@link #select}; {@link Strategy#of} makes a strategy
 * of it.
 */
public interface Selection {
    /** What files and commands call it; {@link Strategies} finds the built-in ones by that. */
    String name();

    /** Its arguments as {@code experiment.yaml} holds them. */
    default Args arguments() {
        return Args.NONE;
    }

    /** How many answers a round aims at; over-selection asks more. By default all of {@code participants}. */
    default int wanted(int participants) {
        return participants;
    }

    /**
     * Whom to ask. Must say the same for the same arguments: what it draws, it draws from {@code random}.
     *
     * @param candidates who may be asked, in participants' order; at least one
     * @param count how many are to be asked; where there are fewer, all that fit
     * @param round from 1
     * @param random seeded by the experiment's seed and the round ({@link fedbiomed.vocabulary.Seeds#selection})
     * @return some of {@code candidates}; empty if none fits
     */
    Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random);

    /** Without so many nobody is asked, and the round is one with too few answers. */
    default int atLeast() {
        return 1;
    }

    /** How long a round waits at its beginning until {@link #atLeast} candidates are online. */
    default Duration patience() {
        return Duration.ZERO;
    }

    /** The empty string, or what is wrong with this selection for these participants, and what to do. */
    default String problemFor(SortedSet<Participant> participants) {
        return "";
    }
}
