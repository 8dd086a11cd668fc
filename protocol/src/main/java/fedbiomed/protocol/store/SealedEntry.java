package fedbiomed.protocol.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * A file sealed for the parameter store, on this party's disk, beside its key ({@code .key}): both are there before
 * anybody is told, so that a retry sends the same bytes under the same name, whatever died. Sealed once, whoever it is
 * for: the key goes to each recipient in a message of its own.
 *
 * @param ref the way to it
 * @param file the sealed bytes
 */
public record SealedEntry(SealedRef ref, Path file) {
    private static final int CHUNK_SEGMENTS = 32;
    private static final int MAX_KEY_FILE_BYTES = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Seals {@code plain} as {@code file}, or gives the one that is there of the same content.
     *
     * @param ref of {@code plain}
     * @throws FedbiomedException {@code INTERNAL} if {@code plain} is not what {@code ref} says
     */
    public static SealedEntry of(Path plain, ParametersRef ref, Path file) throws IOException {
        var kept = kept(ref, file);
        if (kept.isPresent()) {
            return kept.get();
        }
        var secret = new byte[SealedRef.KEY_BYTES];
        RANDOM.nextBytes(secret);
        var aside = file.resolveSibling(file.getFileName() + ".part");
        var hash = write(plain, ref, EntryCipher.sealing(secret, ref.sizeBytes()), aside);
        var sealed = new SealedRef(ref, hash, Base64.getEncoder().encodeToString(secret));
        Files.deleteIfExists(keyFile(file));
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        AtomicFiles.writeOwnerOnly(keyFile(file), Json.bytes(sealed));
        return new SealedEntry(sealed, file);
    }

    /** Its size in the store. */
    public ParametersRef stored() {
        return new ParametersRef(
                ref.entry(), EntryCipher.sealedBytes(ref.plain().sizeBytes()));
    }

    /** Removes an entry and its key, if they are there: nobody will ask for it again. */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(keyFile(file));
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file, e);
        }
    }

    private static Path keyFile(Path file) {
        return file.resolveSibling(file.getFileName() + ".key");
    }

    private static Optional<SealedEntry> kept(ParametersRef ref, Path file) throws IOException {
        var key = keyFile(file);
        if (!Files.exists(key) || !Files.exists(file)) {
            return Optional.empty();
        }
        try {
            AtomicFiles.requireOwnerOnly(key);
            var sealed = Json.MAPPER.readValue(AtomicFiles.readBounded(key, MAX_KEY_FILE_BYTES), SealedRef.class);
            var entry = new SealedEntry(sealed, file);
            // it was not forced to the disk: after a power cut it may be another
            boolean whole = sealed.plain().equals(ref)
                    && Files.size(file) == entry.stored().sizeBytes()
                    && Sha256.of(file).equals(sealed.entry());
            return whole ? Optional.of(entry) : Optional.empty();
        } catch (JsonProcessingException _) {
            return Optional.empty();
        }
    }

    /** @return the SHA-256 of what was written */
    private static String write(Path plain, ParametersRef ref, EntryCipher cipher, Path target) throws IOException {
        var whole = Sha256.digest();
        var digest = Sha256.digest();
        var in = new byte[CHUNK_SEGMENTS * EntryCipher.SEGMENT_BYTES];
        var out = new byte[CHUNK_SEGMENTS * EntryCipher.SEALED_SEGMENT_BYTES];
        try (var from = Files.newInputStream(plain);
                var to = FileChannel.open(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            long left = ref.sizeBytes();
            long segment = 0;
            boolean more = true;
            while (more) {
                int wanted = (int) Math.min(left, in.length);
                int read = from.readNBytes(in, 0, wanted);
                if (read < wanted) {
                    break;
                }
                int length = 0;
                // an empty file has one segment
                for (int at = 0; at < read || at == 0; at += EntryCipher.SEGMENT_BYTES) {
                    length += cipher.segment(
                            segment++, in, at, Math.min(EntryCipher.SEGMENT_BYTES, read - at), out, length);
                }
                whole.update(in, 0, read);
                digest.update(out, 0, length);
                writeFully(to, ByteBuffer.wrap(out, 0, length));
                left -= read;
                more = left > 0;
            }
            if (left > 0 || from.read() >= 0 || !Sha256.hex(whole.digest()).equals(ref.sha256())) {
                throw new FedbiomedException(
                        ErrorCode.INTERNAL, plain + " has changed since its hash was taken; it was not published");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed", e);
        }
        return Sha256.hex(digest.digest());
    }

    private static void writeFully(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }
}
