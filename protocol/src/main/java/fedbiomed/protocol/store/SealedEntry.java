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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
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
    private static final int MAX_KEY_FILE_BYTES = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Seals {@code plain} as {@code file}, or gives the one that is there of the same content. One pass: what the plain
     * file's hash is, {@link #ref} tells.
     *
     * @throws FedbiomedException {@code INTERNAL} if the file changes meanwhile, or the disk is full
     */
    public static SealedEntry of(Path plain, Path file) {
        try {
            if (Files.exists(keyFile(file))) {
                var kept = kept(ParameterStoreClient.reference(plain), file);
                if (kept.isPresent()) {
                    return kept.get();
                }
            }
            return seal(plain, file);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot seal " + plain + " as " + file + " (" + e.getClass().getSimpleName()
                            + "); look at the disk: it takes as much again as the file",
                    e);
        }
    }

    private static SealedEntry seal(Path plain, Path file) throws IOException {
        var secret = new byte[SealedRef.KEY_BYTES];
        RANDOM.nextBytes(secret);
        var aside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(keyFile(file));
        try (var sealing = new FileSealing(secret, plain, aside)) {
            var ref = sealing.run();
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            AtomicFiles.writeOwnerOnly(keyFile(file), Json.bytes(ref));
            return new SealedEntry(ref, file);
        }
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
}
