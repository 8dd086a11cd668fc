package fedbiomed.researcher.strategy;

/**
 * When a participant is left out for a while. It failed where its node answered an error, was gone, or did not answer in
 * time, and where its answer was refused. After its time it is asked again; one more failure then leaves it out again.
 *
 * @param afterFailures so many in a row; 0: nobody is left out
 * @param rounds so many rounds, counted from the last one that asked it
 * @param readmitWhenPresent whether one whose node was gone is asked again as soon as its node is there
 */
public record LeaveOut(int afterFailures, int rounds, boolean readmitWhenPresent) {
    public static final LeaveOut NEVER = new LeaveOut(0, 0, false);
    static final int DEFAULT_ROUNDS = 5;

    public LeaveOut {
        Counts.require("leave_out_after", afterFailures, 0);
        if (afterFailures > 0) {
            Counts.require("leave_out_rounds", rounds, 1);
        }
    }

    /** Whether {@code candidate} is not to be asked in {@code round}. */
    boolean applies(Candidate candidate, int round) {
        var history = candidate.history();
        return afterFailures > 0
                && history.failuresInARow() >= afterFailures
                && round <= history.lastAsked() + rounds
                && !(readmitWhenPresent && history.absentLast() && candidate.online());
    }
}
