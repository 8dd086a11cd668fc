package fedbiomed.protocol.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * What others know of a party: raw public keys, base64.
 *
 * @param signing Ed25519 (RFC 8032), 32 bytes
 * @param sealing X25519 (RFC 7748), 32 bytes, for HPKE (RFC 9180)
 */
public record PublicKeys(
        @JsonProperty("signing") String signing,
        @JsonProperty("sealing") String sealing) {
    static final int KEY_BYTES = 32;

    public PublicKeys {
        requireKey(signing);
        requireKey(sealing);
    }

    private static void requireKey(String base64) {
        byte[] key;
        try {
            key = base64.length() > 64 ? new byte[0] : Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            key = new byte[0];
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a public key is the base64 of " + KEY_BYTES + " bytes");
        }
    }

    public byte[] signingBytes() {
        return Base64.getDecoder().decode(signing);
    }

    public byte[] sealingBytes() {
        return Base64.getDecoder().decode(sealing);
    }

    /** What two people compare, over both keys. */
    public Fingerprint fingerprint() {
        var digest = Sha256.digest();
        digest.update("fedbiomed party keys v1".getBytes(StandardCharsets.US_ASCII));
        digest.update(signingBytes());
        digest.update(sealingBytes());
        return Fingerprint.ofDigest(digest.digest());
    }
}
