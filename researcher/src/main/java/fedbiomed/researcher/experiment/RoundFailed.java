package fedbiomed.researcher.experiment;

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
                + "\nGo on with 'fedbiomed run --resume " + folder
                + "': the answers that are there are kept. To go on without the others add --quorum "
                + Math.max(
                        1,
                        outcomes.stream()
                                .filter(o -> o.status() == OutcomeStatus.ACCEPTED)
                                .count())
                + ".");
        this.outcomes = List.copyOf(outcomes);
    }

    public List<ParticipantOutcome> outcomes() {
        return outcomes;
    }

    /** The text for a person. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
