package fedbiomed.protocol.message;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * All that decides the result of work at a node, and so a request's id. Expiry stands outside, in the envelope.
 *
 * @param runId the experiment's run; a resumed experiment keeps its own, a branch and a reproduction have new ones
 * @param round from 1; 0 before the first
 * @param attempt from 0; a round that is repeated on purpose has a higher one
 * @param participant node and dataset
 * @param fingerprint the dataset's, as the node described it
 * @param state the id of the accepted training whose node state this one starts from, perhaps of another run of the same
 *     researcher (a branch); {@code null}: from none
 * @param preprocessing the run's combined statistics; {@code null} where the plan needs none, or before they are known
 * @param parameters the incoming global model; {@code null} for statistics
 */
public record Job(
        String runId,
        int round,
        int attempt,
        PartyId researcher,
        Participant participant,
        String fingerprint,
        PlanId plan,
        Args modelArgs,
        TrainingArgs trainingArgs,
        @Nullable String state,
        @Nullable PreprocessingStatistics preprocessing,
        @Nullable ParametersRef parameters) {
    private static final Pattern RUN_ID = Pattern.compile("[a-z0-9-]{1,64}");

    public Job {
        if (!RUN_ID.matcher(runId).matches()) {
            throw new IllegalArgumentException("a run id is 1 to 64 of a-z, 0-9 and '-'");
        }
        if (round < 0 || attempt < 0) {
            throw new IllegalArgumentException("round and attempt are not negative: " + round + ", " + attempt);
        }
        Sha256.require("a dataset's fingerprint", fingerprint);
        if (state != null) {
            Sha256.require("the id of the request whose node state is started from", state);
        }
    }
}
