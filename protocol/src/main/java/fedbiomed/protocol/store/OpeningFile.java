package fedbiomed.protocol.store;

import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A sealed entry on its way in: each segment is opened as it is whole, and only what opened is written, so that an
 * interrupted transfer goes on after the last whole segment.
 */
final class OpeningFile implements AutoCloseable {
    private static final int CHUNK_SEGMENTS = 32;

    private final SealedRef ref;
    private final Path part;
    private final Durability durability;
    private final EntryCipher cipher;
    private final FileChannel out;
    private final byte[] sealed = new byte[EntryCipher.SEALED_SEGMENT_BYTES];
    private final byte[] opened = new byte[CHUNK_SEGMENTS * EntryCipher.SEGMENT_BYTES];
    private int sealedLength;
    private int openedLength;
    private long segment;
    /** Of all that was opened; {@code null} where it goes on with what an earlier attempt has opened. */
    private final @Nullable MessageDigest digest;

    /**
     * @param goesOn whether what {@code part} holds counts
     * @param durability what the whole file outlives
     */
    OpeningFile(SealedRef ref, Path part, boolean goesOn, Durability durability) throws IOException {
        this.ref = ref;
        this.part = part;
        this.durability = durability;
        this.cipher = EntryCipher.opening(ref.keyBytes(), plainBytes());
        this.segment = goesOn ? wholeSegments(ref, part) : 0;
        this.digest = segment == 0 ? Sha256.digest() : null;
        this.out = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long kept = Math.min(segment * EntryCipher.SEGMENT_BYTES, plainBytes());
        out.truncate(kept).position(kept);
    }

    /** How many sealed bytes need not be sent again. */
    static long held(SealedRef ref, Path part) throws IOException {
        return Math.min(wholeSegments(ref, part) * EntryCipher.SEALED_SEGMENT_BYTES, sealedBytes(ref));
    }

    static long sealedBytes(SealedRef ref) {
        return EntryCipher.sealedBytes(ref.plain().sizeBytes());
    }

    private static long wholeSegments(SealedRef ref, Path part) throws IOException {
        long plain = ref.plain().sizeBytes();
        long size = Files.exists(part) ? Files.size(part) : 0;
        if (size > plain || plain == 0) {
            return 0;
        }
        return size == plain ? EntryCipher.segments(plain) : size / EntryCipher.SEGMENT_BYTES;
    }

    private long plainBytes() {
        return ref.plain().sizeBytes();
    }

    /**
     * The next bytes of the entry.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if they do not open
     */
    void write(byte[] bytes, int length) throws IOException {
        int at = 0;
        while (at < length) {
            int whole = (int) Math.min(
                    EntryCipher.SEALED_SEGMENT_BYTES, sealedBytes(ref) - segment * EntryCipher.SEALED_SEGMENT_BYTES);
            if (whole <= 0) {
                throw refused("is longer than it was announced");
            }
            int n = Math.min(length - at, whole - sealedLength);
            System.arraycopy(bytes, at, sealed, sealedLength, n);
            sealedLength += n;
            at += n;
            if (sealedLength == whole) {
                open(whole);
            }
        }
    }

    private void open(int length) throws IOException {
        if (openedLength + EntryCipher.SEGMENT_BYTES > opened.length) {
            flush();
        }
        try {
            openedLength += cipher.segment(segment++, sealed, 0, length, opened, openedLength);
        } catch (GeneralSecurityException _) {
            throw refused("does not open");
        }
        sealedLength = 0;
    }

    private void flush() throws IOException {
        if (digest != null) {
            digest.update(opened, 0, openedLength);
        }
        var bytes = ByteBuffer.wrap(opened, 0, openedLength);
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
        openedLength = 0;
    }

    /**
     * Checks that all has come, and forces it to the disk where it is to outlive a power cut.
     *
     * @throws IOException if not all has come
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if it is not what was announced; nothing of it is kept then
     */
    void finish() throws IOException {
        flush();
        if (segment < EntryCipher.segments(plainBytes())) {
            throw new IOException(
                    "the transfer ended after " + (segment * EntryCipher.SEALED_SEGMENT_BYTES + sealedLength) + " of "
                            + sealedBytes(ref) + " bytes");
        }
        if (durability == Durability.POWER_CUT) {
            out.force(true);
        }
        var hash = digest == null ? Sha256.of(part) : Sha256.hex(digest.digest());
        if (!hash.equals(ref.plain().sha256())) {
            throw refused("opens, but is another content than was announced (" + hash + ")");
        }
    }

    private FedbiomedException refused(String why) throws IOException {
        openedLength = 0;
        out.truncate(0);
        Files.deleteIfExists(part);
        return new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE,
                "the entry " + ref.entry() + " of the parameter store, with "
                        + ref.plain().sha256() + ", " + why
                        + ": it was changed, cut or exchanged, or its sender is mistaken. Nothing of it was used; ask its"
                        + " sender, and look after the Network");
    }

    /** Keeps the whole segments that have come. */
    @Override
    public void close() throws IOException {
        try (out) {
            flush();
        }
    }
}
