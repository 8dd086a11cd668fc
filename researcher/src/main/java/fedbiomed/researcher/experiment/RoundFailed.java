package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A round (or what goes before it) that the strategy gave up. The folder is as it was, with the answers that came: resuming goes on from there. */
public final class RoundFailed extends RuntimeException {
    private final transient List<ParticipantOutcome> outcomes;

    /** @param what e.g. {@code round 3} */
    RoundFailed(String what, String reason, List<ParticipantOutcome> outcomes, Path folder) {
        super(what + " failed: " + reason + ".\n"
                + outcomes.stream().map(outcome -> "  " + outcome.line()).collect(Collectors.joining("\n"))
                + "\n" + remedy(outcomes, folder));
        this.outcomes = List.copyOf(outcomes);
    }

    private static String remedy(List<ParticipantOutcome> outcomes, Path folder) {
        var resume = "'fedbiomed run --resume " + folder + "'";
        if (!outcomes.isEmpty() && outcomes.stream().allMatch(RoundFailed::isOfThePlan)) {
            return "If it is the plan's fault, mend the plan and begin a new experiment with it; else go on with "
                    + resume + " when what is said above is done.";
        }
        long accepted = outcomes.stream()
                .filter(outcome -> outcome.status() == OutcomeStatus.ACCEPTED)
                .count();
        return accepted == 0
                ? "When that is mended, go on with " + resume + "."
                : "Go on with " + resume
                        + ": the answers that are there are kept. To go on without the others add --quorum " + accepted
                        + ".";
    }

    /** An experiment keeps its plan: resuming would meet the same failure. */
    private static boolean isOfThePlan(ParticipantOutcome outcome) {
        return outcome.code() == ErrorCode.PLAN_FAILED || outcome.code() == ErrorCode.PLAN_INVALID;
    }

    public List<ParticipantOutcome> outcomes() {
        return outcomes;
    }

    /** The text for a person. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
