package fedbiomed.simulation;

import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.Collection;
import java.util.UUID;

/**
 * Where the models of a simulation lie while they travel: a folder of links, so that none is copied. What would be sealed
 * in a real federation is the plain file here.
 */
class SharedFolder implements ParameterStore {
    private static final String NO_KEY = Base64.getEncoder().encodeToString(new byte[SealedRef.KEY_BYTES]);

    private final Path folder;

    SharedFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public SealedEntry seal(Path plain, Path file) {
        try {
            link(plain, file);
            return entry(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot link " + plain + " to " + file, e);
        }
    }

    /** Each under a name of its own, whatever is in it: one is withdrawn without the others. */
    static SealedEntry entry(Path file) throws IOException {
        ParametersRef plain = ParameterStoreClient.reference(file);
        var name = Sha256.of(UUID.randomUUID().toString());
        return new SealedEntry(new SealedRef(plain, name, NO_KEY), file);
    }

    @Override
    public void upload(SealedEntry entry, Collection<PartyId> recipients, TransferProgress progress) {
        try {
            link(entry.file(), file(entry.ref()));
        } catch (IOException e) {
            throw unavailable("cannot be put into " + folder, e);
        }
    }

    @Override
    public void download(SealedRef ref, Path target, Durability durability, TransferProgress progress) {
        try {
            link(file(ref), target);
        } catch (NoSuchFileException e) {
            throw unavailable("are not in " + folder + " (any more)", e);
        } catch (IOException e) {
            throw unavailable("cannot be taken from " + folder, e);
        }
    }

    @Override
    public void delete(SealedRef ref) {
        try {
            Files.deleteIfExists(file(ref));
        } catch (IOException e) {
            throw unavailable("cannot be removed from " + folder, e);
        }
    }

    private Path file(SealedRef ref) {
        return folder.resolve(ref.entry());
    }

    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (FileAlreadyExistsException _) {
            Files.delete(link);
            link(file, link);
        } catch (UnsupportedOperationException _) {
            Files.copy(file, link, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static FedbiomedException unavailable(String what, IOException e) {
        return new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE,
                "the parameters " + what + " (" + e.getClass().getSimpleName()
                        + "); nothing but the simulation may write there",
                e);
    }

    @Override
    public void close() {}
}
