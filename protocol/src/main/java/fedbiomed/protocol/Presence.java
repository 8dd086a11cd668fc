package fedbiomed.protocol;

import fedbiomed.protocol.identity.PublicKeys;
import org.jspecify.annotations.Nullable;

/**
 * What a party says of itself, retained by the broker; its last will says {@code online: false}.
 *
 * @param epoch the Network's, read from {@code /v1/health}: what was retained from an earlier one is stale
 * @param keys so that a fingerprint can be shown before any message; believed only as far as a person confirms it
 */
public record Presence(
        boolean online, @Nullable String epoch, @Nullable PublicKeys keys) {}
