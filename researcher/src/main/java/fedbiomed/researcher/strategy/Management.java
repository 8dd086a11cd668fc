package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.ErrorCode;
import java.time.Duration;
import java.util.Set;

/**
 * The rules around a selection: how long a round waits and for how many, and what becomes of failed, absent and late
 * participants.
 *
 * @param deadline how long a participant may take, from the round's start; it is told, and stops then
 * @param quorum fewest answers; 0: all that were aimed at
 * @param absentAfter a node that is gone for so long counts as absent, unless it comes back while others are waited for
 * @param overSelect so many times as many are asked as answers are wanted; the round is complete with those that come
 *     first, and the others are told to stop (Bonawitz et al. 2019, "Towards Federated Learning at Scale: System Design")
 * @param overSelectBy so many more are asked
 * @param retry whether a participant that failed is asked once more in the round
 * @param repeats how often {@link TooFew#REPEAT} asks again
 * @param staleness a late answer is used in the next rounds up to so many later; 0: late answers are discarded
 */
public record Management(
        Duration deadline,
        int quorum,
        Duration absentAfter,
        double overSelect,
        int overSelectBy,
        boolean retry,
        LeaveOut leaveOut,
        TooFew tooFew,
        int repeats,
        int staleness) {
    static final Duration DEFAULT_DEADLINE = Duration.ofHours(1);
    static final Duration DEFAULT_ABSENT_AFTER = Duration.ofSeconds(10);
    private static final double MAX_FACTOR = 100;
    /** A model so many rounds old says little about the present one. */
    private static final int MAX_STALENESS = 100;
    /** What a factor's binary rounding may add. */
    private static final double ROUNDING = 1e-9;

    /** Within an hour, all needed; a node that is gone for 10 seconds counts as absent. */
    public static final Management DEFAULT =
            new Management(DEFAULT_DEADLINE, 0, DEFAULT_ABSENT_AFTER, 1, 0, false, LeaveOut.NEVER, TooFew.FAIL, 1, 0);

    /** Failures that asking again may mend: neither somebody's decision nor what data or plan are. */
    private static final Set<ErrorCode> PASSING =
            Set.of(ErrorCode.PLAN_FAILED, ErrorCode.PARAMETERS_UNAVAILABLE, ErrorCode.CANCELLED, ErrorCode.INTERNAL);

    public Management {
        requirePositive("deadline", deadline);
        requirePositive("absent_after", absentAfter);
        Counts.require("quorum", quorum, 0);
        if (!(overSelect >= 1 && overSelect <= MAX_FACTOR)) {
            throw new IllegalArgumentException(
                    "strategy.over_select is a factor of 1 to 100, e.g. 1.3, not " + overSelect);
        }
        Counts.require("over_select_by", overSelectBy, 0);
        if (overSelect > 1 && overSelectBy > 0) {
            throw new IllegalArgumentException("strategy.over_select (a factor) and strategy.over_select_by (a number)"
                    + " say the same thing; give one of them");
        }
        Counts.require("repeats", repeats, 1);
        Counts.require("staleness", staleness, 0);
        if (staleness > MAX_STALENESS) {
            throw new IllegalArgumentException(
                    "strategy.staleness must be at most " + MAX_STALENESS + " rounds, not " + staleness);
        }
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("strategy." + name + " must be longer than nothing, e.g. 5m");
        }
    }

    /** The least whole number that is not below {@code factor * count}. */
    static int ceil(double factor, int count) {
        return (int) Math.ceil(factor * count - ROUNDING);
    }

    public boolean overSelects() {
        return overSelect > 1 || overSelectBy > 0;
    }

    /** How many are asked for {@code wanted} answers. */
    public int toAsk(int wanted) {
        return Math.max(wanted, ceil(overSelect, wanted)) + overSelectBy;
    }

    /** The fewest answers with which a round that aims at {@code wanted} may be complete. */
    public int needed(int wanted) {
        return tooFew == TooFew.GO_ON ? 1 : quorum == 0 ? wanted : quorum;
    }

    public boolean usesLateAnswers() {
        return staleness > 0;
    }

    /** Whether a participant that failed so is asked once more. */
    public boolean retries(ErrorCode code) {
        return retry && PASSING.contains(code);
    }

    /**
     * While someone may still answer it waits, also where the quorum cannot be reached any more: what is answered now need
     * not be trained again when the round is resumed.
     */
    public Decision decide(RoundProgress progress) {
        int answered = progress.answered();
        if (answered > 0 && answered >= Math.max(progress.wanted(), needed(progress.wanted()))) {
            return Decision.COMPLETE;
        }
        boolean late = progress.elapsed().compareTo(deadline) >= 0;
        if (!late && progress.states().values().stream().anyMatch(this::mayStillAnswer)) {
            return Decision.WAIT;
        }
        int needed = Math.max(1, needed(progress.wanted()));
        return answered >= needed
                ? Decision.COMPLETE
                : new Decision.Fail(answered + " of " + progress.asked() + " participants answered, " + needed
                        + (needed == 1 ? " is" : " are") + " needed (the strategy's quorum)");
    }

    private boolean mayStillAnswer(ParticipantState state) {
        return state instanceof ParticipantState.Waiting(var offlineFor)
                && (offlineFor == null || offlineFor.compareTo(absentAfter) < 0);
    }
}
