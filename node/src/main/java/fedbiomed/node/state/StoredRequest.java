package fedbiomed.node.state;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import java.time.Instant;
import java.util.List;

/**
 * A request for work as it came.
 *
 * @param id SHA-256 of the body
 * @param keys those that signed it: the answer is sealed for them
 * @param body a {@code Request} as its sender wrote it
 * @param enclosed the ways to what the body names in the parameter store
 * @param message the name of the message that brought it last
 */
public record StoredRequest(
        String id,
        PartyId researcher,
        PublicKeys keys,
        byte[] body,
        List<SealedRef> enclosed,
        String message,
        Instant expires) {
    public StoredRequest {
        enclosed = List.copyOf(enclosed);
    }

    public Fingerprint fingerprint() {
        return keys.fingerprint();
    }
}
