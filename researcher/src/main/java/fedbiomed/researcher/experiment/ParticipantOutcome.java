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
 * @param exchange what it took; {@code null} without a reply, and in rounds of earlier versions
 */
public record ParticipantOutcome(
        Participant participant,
        OutcomeStatus status,
        String request,
        @Nullable Integer askedIn,
        @Nullable ErrorCode code,
        String text,
        Reply.@Nullable Train reply,
        @Nullable Exchange exchange) {
    /** A node's count is not believed beyond what it could have computed. */
    private static final long MOST_LOST = 1L << 40;

    static ParticipantOutcome accepted(Participant participant, String request, Reply.Train reply, Exchange exchange) {
        return new ParticipantOutcome(participant, OutcomeStatus.ACCEPTED, request, null, null, "", reply, exchange);
    }

    /** @param arrived numbers of its training that have come to the monitor */
    ParticipantOutcome withScalars(long arrived) {
        return exchange == null
                ? this
                : new ParticipantOutcome(
                        participant, status, request, askedIn, code, text, reply, exchange.withScalars(arrived));
    }

    /** Numbers of its training that arose and never came to the monitor, as far as one knows. */
    public long lostScalars() {
        return reply == null || exchange == null || reply.scalars() == null
                ? 0
                : Math.clamp(reply.scalars() - exchange.scalars(), 0, MOST_LOST);
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
                        null,
                        null);
    }

    /** One line for a person. */
    public String line() {
        return participant + ": " + status.text() + (code == null ? "" : " (" + code + ")")
                + (text.isEmpty() ? "" : ": " + text);
    }
}
