package fedbiomed.protocol.identity;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.Key;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.HybridConfig;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * HPKE (RFC 9180) in base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. What is sealed for a party's key
 * only that party opens; who sealed it says the signature around it. Output: encapsulated key (32 bytes), ciphertext,
 * tag (16 bytes), without Tink's prefix; empty associated data.
 */
final class Sealing {
    /** Sealed, a text is so many bytes longer. */
    static final int OVERHEAD_BYTES = 32 + 16;

    private static final HpkeParameters SUITE;

    /** Recipients whose sealers are kept: to make one costs more than to seal with it. A researcher has this many nodes. */
    private static final int MOST_SEALERS = 4_096;

    /** The one not used for the longest goes first. */
    private static final Map<PublicKeys, HybridEncrypt> SEALERS =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<PublicKeys, HybridEncrypt> eldest) {
                    return size() > MOST_SEALERS;
                }
            });

    static {
        try {
            HybridConfig.register();
            SUITE = HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.NO_PREFIX)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HPKE", e);
        }
    }

    private Sealing() {}

    /** @param info must be the same when it is opened */
    static byte[] seal(PublicKeys recipient, byte[] plain, byte[] info) {
        try {
            return sealer(recipient).encrypt(plain, info);
        } catch (GeneralSecurityException e) {
            // of a key that is no point to agree with (RFC 7748, section 6.1), say
            throw new IllegalArgumentException("nothing can be sealed for the key " + recipient.sealing(), e);
        }
    }

    private static HybridEncrypt sealer(PublicKeys recipient) throws GeneralSecurityException {
        var kept = SEALERS.get(recipient);
        if (kept == null) {
            kept = primitive(publicKey(recipient), HybridEncrypt.class);
            SEALERS.put(recipient, kept);
        }
        return kept;
    }

    /** Opens what was sealed for this pair of keys. */
    @AccessesPartialKey
    static HybridDecrypt opener(PublicKeys keys, byte[] privateKey) throws GeneralSecurityException {
        var secret = SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get());
        return primitive(HpkePrivateKey.create(publicKey(keys), secret), HybridDecrypt.class);
    }

    @AccessesPartialKey
    private static HpkePublicKey publicKey(PublicKeys keys) throws GeneralSecurityException {
        return HpkePublicKey.create(SUITE, Bytes.copyFrom(keys.sealingBytes()), null);
    }

    private static <T> T primitive(Key key, Class<T> type) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key).withFixedId(1).makePrimary())
                .build()
                .getPrimitive(RegistryConfiguration.get(), type);
    }
}
