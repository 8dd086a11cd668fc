package fedbiomed.protocol.store;

import fedbiomed.protocol.message.SealedRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * How an entry of the parameter store is sealed, segment by segment, so that 2 GB stream: AES-256-GCM over {@value
 * #SEGMENT_BYTES} bytes of the plain file each (the last may be shorter, and is empty only where the file is), 16 bytes
 * of tag after each. The nonce of a segment is a prefix (7 bytes), its number (4 bytes, big-endian) and whether it is the
 * last (1 byte): the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), in which reordered, dropped,
 * doubled and cut segments do not open. Key and prefix are HKDF-SHA256 (RFC 5869, no salt) of the entry's own secret, with
 * the format's name, the segments' size and the plain file's size as {@code info}: there is no header to be believed.
 *
 * <p>Small segments, since a segment must be whole before its tag can be checked, and since the JVM compiles a cipher
 * that is called often sooner (docs/decisions/0015).
 */
final class EntryCipher {
    static final int SEGMENT_BYTES = 16 << 10;
    static final int TAG_BYTES = 16;
    static final int SEALED_SEGMENT_BYTES = SEGMENT_BYTES + TAG_BYTES;

    private static final String FORMAT = "fedbiomed sealed entry 1";
    private static final int KEY_BYTES = 32;
    private static final int PREFIX_BYTES = 7;
    private static final int NONCE_BYTES = 12;

    private final SecretKeySpec key;
    private final byte[] nonce;
    private final int mode;
    private final Cipher cipher;
    private final long segments;

    private EntryCipher(byte[] secret, long plainBytes, int mode) {
        if (secret.length != SealedRef.KEY_BYTES) {
            throw new IllegalArgumentException("the secret of an entry has " + SealedRef.KEY_BYTES + " bytes");
        }
        this.mode = mode;
        this.segments = segments(plainBytes);
        var format = FORMAT.getBytes(StandardCharsets.US_ASCII);
        var info = ByteBuffer.allocate(format.length + Integer.BYTES + Long.BYTES)
                .put(format)
                .putInt(SEGMENT_BYTES)
                .putLong(plainBytes)
                .array();
        try {
            var derived = KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(info, KEY_BYTES + PREFIX_BYTES));
            key = new SecretKeySpec(derived, 0, KEY_BYTES, "AES");
            nonce = Arrays.copyOf(Arrays.copyOfRange(derived, KEY_BYTES, derived.length), NONCE_BYTES);
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HKDF-SHA256 or AES-GCM", e);
        }
    }

    static EntryCipher sealing(byte[] secret, long plainBytes) {
        return new EntryCipher(secret, plainBytes, Cipher.ENCRYPT_MODE);
    }

    static EntryCipher opening(byte[] secret, long plainBytes) {
        return new EntryCipher(secret, plainBytes, Cipher.DECRYPT_MODE);
    }

    /** Of a file with so many bytes, at least 1. */
    static long segments(long plainBytes) {
        return Math.max(1, Math.ceilDiv(plainBytes, SEGMENT_BYTES));
    }

    /** How long a file with so many bytes is when it is sealed. */
    static long sealedBytes(long plainBytes) {
        return plainBytes + segments(plainBytes) * TAG_BYTES;
    }

    /**
     * Seals or opens one segment.
     *
     * @param segment its number, from 0
     * @return bytes written to {@code out}
     * @throws GeneralSecurityException if it was not sealed like this, at this place, with this key
     */
    int segment(long segment, byte[] in, int from, int length, byte[] out, int to) throws GeneralSecurityException {
        if (segment < 0 || segment >= segments || segment > 0xFFFF_FFFFL) {
            throw new GeneralSecurityException("there is no segment " + segment);
        }
        ByteBuffer.wrap(nonce).putInt(PREFIX_BYTES, (int) segment).put(NONCE_BYTES - 1, (byte)
                (segment == segments - 1 ? 1 : 0));
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        return cipher.doFinal(in, from, length, out, to);
    }
}
