package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a participant in a round, as {@code replies.json} keeps it.
 *
 * @param request the id of what it was asked
 * @param code why it failed or was refused; {@code null} else
 * @param text for a person; empty if nothing is to be said
 * @param reply {@code null} unless accepted
 */
public record ParticipantOutcome(
        Participant participant,
        OutcomeStatus status,
        String request,
        @Nullable ErrorCode code,
        String text,
        Reply.@Nullable Train reply) {
    static ParticipantOutcome accepted(Participant participant, String request, Reply.Train reply) {
        return new ParticipantOutcome(participant, OutcomeStatus.ACCEPTED, request, null, "", reply);
    }

    /** One line for a person. */
    public String line() {
        return participant + ": " + status.name().toLowerCase(java.util.Locale.ROOT)
                + (code == null ? "" : " (" + code + ")") + (text.isEmpty() ? "" : ": " + text);
    }
}
