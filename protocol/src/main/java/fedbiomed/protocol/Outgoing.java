package fedbiomed.protocol;

import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sealed and sent.
 *
 * @param body a message's bytes as {@code MessageCodec} wrote them once
 * @param enclosed the ways to the store's entries that the body names
 * @param name as {@link Envelope#newName} gives it
 * @param keys the recipient's; {@code null}: those that are known here ({@code TrustedParties.sealingKeys})
 */
public record Outgoing(
        PartyId to,
        byte[] body,
        List<SealedRef> enclosed,
        String name,
        @Nullable PublicKeys keys) {
    public Outgoing {
        enclosed = List.copyOf(enclosed);
    }

    public Outgoing(PartyId to, byte[] body) {
        this(to, body, List.of(), Envelope.newName(), null);
    }

    public Outgoing enclosing(List<SealedRef> entries) {
        return new Outgoing(to, body, entries, name, keys);
    }

    public Outgoing named(String message) {
        return new Outgoing(to, body, enclosed, message, keys);
    }

    public Outgoing sealedFor(PublicKeys recipient) {
        return new Outgoing(to, body, enclosed, name, recipient);
    }
}
