package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.random.RandomGenerator;

/**
 * Whom to ask in a round, when the round is complete, and what becomes of late, failed and absent participants. A
 * strategy decides on what it is shown alone, so that a repeated round is decided alike.
 */
public interface Strategy {
    /** What files and commands call it; {@link Strategies} finds it by that. */
    String name();

    /** Its arguments as {@code experiment.yaml} holds them. */
    Args arguments();

    /**
     * Whom to ask.
     *
     * @param participants all of the experiment's, in order
     * @param round from 1
     * @param random seeded by the experiment's seed and the round ({@link fedbiomed.vocabulary.Seeds#selection})
     * @return at least one of {@code participants}
     */
    SortedSet<Participant> select(SortedSet<Participant> participants, int round, RandomGenerator random);

    /** Called whenever something has changed, and a few times a second. */
    Decision decide(RoundProgress progress);

    /** How long a participant may take, from the round's start; it is told, and stops then. */
    Duration deadline();

    /** The fewest answers with which a round of {@code asked} participants may be complete. */
    int needed(int asked);

    /** Everybody, all needed, within an hour; a node that is gone for 10 seconds counts as absent. */
    static AllParticipants all() {
        return AllParticipants.DEFAULT;
    }

    /** The empty string, or what is wrong with this strategy for so many participants, and what to do. */
    default String problemFor(List<Participant> participants) {
        return needed(participants.size()) <= participants.size()
                ? ""
                : "the strategy's quorum is " + needed(participants.size()) + ", but only " + participants.size()
                        + " participants match; lower the quorum or widen the tags";
    }
}
