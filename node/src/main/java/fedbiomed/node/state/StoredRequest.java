package fedbiomed.node.state;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.vocabulary.PartyId;
import java.time.Instant;

/**
 * A request for work as it came.
 *
 * @param id SHA-256 of the body
 * @param fingerprint of the keys that signed it
 * @param body a {@code Request} as its sender wrote it
 */
public record StoredRequest(String id, PartyId researcher, Fingerprint fingerprint, byte[] body, Instant expires) {}
