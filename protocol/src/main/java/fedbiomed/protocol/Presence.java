package fedbiomed.protocol;

import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a party says of itself, retained by the broker; its last will says {@code online: false}.
 *
 * @param epoch the Network's, read from {@code /v1/health}: what was retained from an earlier one is stale
 * @param keys so that a fingerprint can be shown before any message; believed only as far as a person confirms it
 */
public record Presence(
        boolean online, @Nullable String epoch, @Nullable PublicKeys keys) {
    /** Ours have less than 300. */
    private static final int MAX_BYTES = 4096;

    /** @throws FedbiomedException {@code BAD_MESSAGE} */
    public static Presence read(byte[] json) {
        try {
            var presence = json.length > MAX_BYTES ? null : Json.MAPPER.readValue(json, Presence.class);
            if (presence != null) {
                return presence;
            }
        } catch (IOException | IllegalArgumentException _) {
            // none either
        }
        throw new FedbiomedException(ErrorCode.BAD_MESSAGE, "what a party says of its presence is not readable");
    }
}
