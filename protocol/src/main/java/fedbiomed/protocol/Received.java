package fedbiomed.protocol;

import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import java.time.Instant;
import java.util.List;

/**
 * A message whose signature and lifetime have been checked, and that was sealed for this party.
 *
 * @param id the SHA-256 of the body: a request's id
 * @param trust what this party thinks of the sender's keys: it is for the receiver to act on it
 */
public record Received(Envelope envelope, String id, Message message, TrustState trust) {
    public Received(Envelope envelope, Message message, TrustState trust) {
        this(envelope, envelope.id(), message, trust);
    }

    public PartyId from() {
        return envelope.header().from();
    }

    /** The sender's, by which it was signed. */
    public PublicKeys keys() {
        return envelope.header().keys();
    }

    /** What an error that answers it refers to. */
    public String name() {
        return envelope.header().message();
    }

    public List<SealedRef> enclosed() {
        return envelope.letter().enclosed();
    }

    public Instant expires() {
        return Instant.ofEpochMilli(envelope.header().expires());
    }
}
