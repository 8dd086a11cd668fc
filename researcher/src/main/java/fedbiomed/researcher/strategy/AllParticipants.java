package fedbiomed.researcher.strategy;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Asks everybody, or a share drawn anew each round. The round is complete when all have answered, or when every missing
 * one has failed, is absent or late and the answers reach the quorum. While someone may still answer it waits, also
 * where the quorum cannot be reached any more: what is answered now need not be trained again when the round is resumed.
 *
 * @param sample the share that is asked, over 0 to 1; rounded up to whole participants
 * @param quorum fewest answers; 0: all that were asked
 */
public record AllParticipants(double sample, int quorum, Duration deadline, Duration absentAfter) implements Strategy {
    public static final String NAME = "all";
    static final Duration DEFAULT_DEADLINE = Duration.ofHours(1);
    static final Duration DEFAULT_ABSENT_AFTER = Duration.ofSeconds(10);
    static final AllParticipants DEFAULT = new AllParticipants(1, 0, DEFAULT_DEADLINE, DEFAULT_ABSENT_AFTER);

    public AllParticipants {
        if (!(sample > 0 && sample <= 1)) {
            throw new IllegalArgumentException("strategy.sample must be over 0 and at most 1, not " + sample);
        }
        if (quorum < 0) {
            throw new IllegalArgumentException("strategy.quorum must be at least 1, not " + quorum);
        }
        requirePositive("deadline", deadline);
        requirePositive("absent_after", absentAfter);
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("strategy." + name + " must be longer than nothing, e.g. 5m");
        }
    }

    /** At least so many must answer; the round goes on without the others once they have failed, left or are late. */
    public AllParticipants quorum(int answers) {
        if (answers < 1) {
            throw new IllegalArgumentException("strategy.quorum must be at least 1, not " + answers);
        }
        return new AllParticipants(sample, answers, deadline, absentAfter);
    }

    public AllParticipants deadline(Duration afterStart) {
        return new AllParticipants(sample, quorum, afterStart, absentAfter);
    }

    /** A node that is gone for so long counts as absent, unless it comes back while others are waited for. */
    public AllParticipants absentAfter(Duration offline) {
        return new AllParticipants(sample, quorum, deadline, offline);
    }

    /** Asks a share of the participants, drawn anew each round from the experiment's seed. */
    public AllParticipants sample(double share) {
        return new AllParticipants(share, quorum, deadline, absentAfter);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        var arguments = new TreeMap<String, Object>();
        if (sample < 1) {
            arguments.put("sample", sample);
        }
        if (quorum > 0) {
            arguments.put("quorum", quorum);
        }
        arguments.put("deadline", DurationText.of(deadline));
        arguments.put("absent_after", DurationText.of(absentAfter));
        return new Args(arguments);
    }

    @Override
    public int needed(int asked) {
        return quorum == 0 ? asked : quorum;
    }

    @Override
    public SortedSet<Participant> select(SortedSet<Participant> participants, int round, RandomGenerator random) {
        int wanted = Math.max(1, (int) Math.ceil(sample * participants.size()));
        if (wanted >= participants.size()) {
            return participants;
        }
        // the first steps of a Fisher-Yates shuffle draw without replacement
        var pool = new ArrayList<>(participants);
        for (int i = 0; i < wanted; i++) {
            int j = i + random.nextInt(pool.size() - i);
            var drawn = pool.get(j);
            pool.set(j, pool.get(i));
            pool.set(i, drawn);
        }
        return new TreeSet<>(pool.subList(0, wanted));
    }

    @Override
    public Decision decide(RoundProgress progress) {
        int answered = progress.answered();
        if (answered == progress.asked()) {
            return Decision.COMPLETE;
        }
        boolean late = progress.elapsed().compareTo(deadline) >= 0;
        if (!late && progress.states().values().stream().anyMatch(this::mayStillAnswer)) {
            return Decision.WAIT;
        }
        int needed = needed(progress.asked());
        return answered >= needed
                ? Decision.COMPLETE
                : new Decision.Fail(answered + " of " + progress.asked() + " participants answered, " + needed
                        + " are needed (the strategy's quorum)");
    }

    private boolean mayStillAnswer(ParticipantState state) {
        return state instanceof ParticipantState.Waiting(var offlineFor)
                && (offlineFor == null || offlineFor.compareTo(absentAfter) < 0);
    }
}
