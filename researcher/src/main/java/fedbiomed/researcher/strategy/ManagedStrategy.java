package fedbiomed.researcher.strategy;

import java.time.Duration;
import java.util.function.Consumer;

/** A selection and the rules around it. Each method gives a strategy that differs in what it says. */
public record ManagedStrategy(Selection selection, Management management) implements Strategy {
    /** At least so many must answer; the round goes on without the others once they have failed, left or are late. */
    public ManagedStrategy quorum(int answers) {
        Counts.require("quorum", answers, 1);
        return with(rules -> rules.quorum = answers);
    }

    /** How long a participant may take, from the round's start. */
    public ManagedStrategy deadline(Duration afterStart) {
        return with(rules -> rules.deadline = afterStart);
    }

    /** A node that is gone for so long counts as absent, unless it comes back while others are waited for. */
    public ManagedStrategy absentAfter(Duration offline) {
        return with(rules -> rules.absentAfter = offline);
    }

    /** Asks {@code factor} times as many as are wanted; those that come first make the round. */
    public ManagedStrategy overSelect(double factor) {
        return with(rules -> {
            rules.overSelect = factor;
            rules.overSelectBy = 0;
        });
    }

    /** Asks {@code more} than are wanted; those that come first make the round. */
    public ManagedStrategy overSelectBy(int more) {
        return with(rules -> {
            rules.overSelect = 1;
            rules.overSelectBy = more;
        });
    }

    /** Asks a participant that failed once more in the round, where that may help. */
    public ManagedStrategy retryOnce() {
        return with(rules -> rules.retry = true);
    }

    /** Leaves a participant out for {@code rounds} after so many failures in a row. */
    public ManagedStrategy leaveOut(int afterFailures, int rounds) {
        return with(rules -> rules.leaveOut = new LeaveOut(afterFailures, rounds, rules.leaveOut.readmitWhenPresent()));
    }

    /** One that was left out because its node was gone is asked again as soon as its node is there. */
    public ManagedStrategy readmitWhenPresent() {
        return with(
                rules -> rules.leaveOut = new LeaveOut(rules.leaveOut.afterFailures(), rules.leaveOut.rounds(), true));
    }

    /** What becomes of a round with too few answers. */
    public ManagedStrategy tooFew(TooFew rule) {
        return with(rules -> rules.tooFew = rule);
    }

    /** Where the answers are too few, asks those who have not answered again, so many times. */
    public ManagedStrategy repeatRound(int times) {
        return with(rules -> {
            rules.tooFew = TooFew.REPEAT;
            rules.repeats = times;
        });
    }

    /** Uses an answer that comes after its round, in the next rounds up to so many later; 0: discards it. */
    public ManagedStrategy useLateAnswers(int staleness) {
        return with(rules -> rules.staleness = staleness);
    }

    private ManagedStrategy with(Consumer<Rules> change) {
        var rules = new Rules(management);
        change.accept(rules);
        return new ManagedStrategy(selection, rules.management());
    }

    private static final class Rules {
        Duration deadline;
        int quorum;
        Duration absentAfter;
        double overSelect;
        int overSelectBy;
        boolean retry;
        LeaveOut leaveOut;
        TooFew tooFew;
        int repeats;
        int staleness;

        Rules(Management from) {
            deadline = from.deadline();
            quorum = from.quorum();
            absentAfter = from.absentAfter();
            overSelect = from.overSelect();
            overSelectBy = from.overSelectBy();
            retry = from.retry();
            leaveOut = from.leaveOut();
            tooFew = from.tooFew();
            repeats = from.repeats();
            staleness = from.staleness();
        }

        Management management() {
            return new Management(
                    deadline,
                    quorum,
                    absentAfter,
                    overSelect,
                    overSelectBy,
                    retry,
                    leaveOut,
                    tooFew,
                    repeats,
                    staleness);
        }
    }
}
