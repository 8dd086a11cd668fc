package fedbiomed.protocol.message;

import fedbiomed.vocabulary.Sha256;
import java.util.Base64;

/**
 * The way to a sealed entry of the parameter store, for whom it was sealed: it goes beside a message's body, sealed like
 * it, since the next attempt of the same request may seal anew.
 *
 * @param plain what the entry is when opened
 * @param entry SHA-256 of the sealed bytes: its name in the store
 * @param key 32 random bytes, base64; used for this entry alone
 */
public record SealedRef(ParametersRef plain, String entry, String key) {
    public static final int KEY_BYTES = 32;

    public SealedRef {
        Sha256.require("the name of a sealed entry", entry);
        byte[] secret;
        try {
            secret = key.length() > 2 * KEY_BYTES
                    ? new byte[0]
                    : Base64.getDecoder().decode(key);
        } catch (IllegalArgumentException _) {
            secret = new byte[0];
        }
        if (secret.length != KEY_BYTES) {
            throw new IllegalArgumentException("the key of a sealed entry is the base64 of " + KEY_BYTES + " bytes");
        }
    }

    public byte[] keyBytes() {
        return Base64.getDecoder().decode(key);
    }

    /** Without the key: this may stand in a log. */
    @Override
    public String toString() {
        return "SealedRef[plain=" + plain + ", entry=" + entry + "]";
    }
}
