package fedbiomed.protocol;

import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Message;
import fedbiomed.vocabulary.PartyId;
import java.time.Instant;

/**
 * A message whose signature and lifetime have been checked.
 *
 * @param trust what this party thinks of the sender's keys: it is for the receiver to act on it
 */
public record Received(Envelope envelope, Message message, TrustState trust) {
    public PartyId from() {
        return envelope.header().from();
    }

    /** The SHA-256 of the body: a request's id. */
    public String id() {
        return envelope.header().id();
    }

    public Instant expires() {
        return Instant.ofEpochMilli(envelope.header().expires());
    }
}
