package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import org.jspecify.annotations.Nullable;

/**
 * What became of a participant in a round, as {@code replies.json} keeps it.
 *
 * @param request the id of what it was asked
 * @param askedIn the earlier round that asked it; {@code null}: this one did
 * @param code why it failed or was refused; {@code null} else
 * @param text for a person; empty if nothing is to be said
 * @param reply {@code null} unless it is part of the round's result
 */
public record ParticipantOutcome(
        Participant participant,
        OutcomeStatus status,
        String request,
        @Nullable Integer askedIn,
        @Nullable ErrorCode code,
        String text,
        Reply.@Nullable Train reply) {
    static ParticipantOutcome accepted(Participant participant, String request, Reply.Train reply) {
        return new ParticipantOutcome(participant, OutcomeStatus.ACCEPTED, request, null, null, "", reply);
    }

    /** As it stands in a round that was skipped: what had come is thrown away. */
    ParticipantOutcome skipped() {
        return reply == null
                ? this
                : new ParticipantOutcome(
                        participant,
                        OutcomeStatus.DISCARDED,
                        request,
                        askedIn,
                        null,
                        "it answered, but the round was skipped",
                        null);
    }

    /** One line for a person. */
    public String line() {
        return participant + ": " + status.text() + (code == null ? "" : " (" + code + ")")
                + (text.isEmpty() ? "" : ": " + text);
    }
}
