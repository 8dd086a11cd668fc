package fedbiomed.network.enrolment;

import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A party that has enrolled.
 *
 * @param certifiedUntil when its newest certificate expires
 * @param revokedAt null while it belongs to the federation
 */
public record RegisteredParty(
        PartyId party,
        Role role,
        Instant enrolledAt,
        Instant certifiedUntil,
        @Nullable Instant revokedAt) {}
