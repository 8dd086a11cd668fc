package fedbiomed.node.registry;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of training plans, in the node's home, each under its hash; which of them are needed the registry knows. */
public final class AttachmentStore {
    private static final Logger LOG = LoggerFactory.getLogger(AttachmentStore.class);

    private final Path folder;

    /** @param home the node's */
    public AttachmentStore(Path home) {
        this.folder = home.resolve("attachments");
    }

    /** Where the attachment's content lies, or is to be put once it is known to have that hash. */
    public Path file(Attachment attachment) {
        return folder.resolve(attachment.sha256());
    }

    /** By name and size; the hash is compared whenever it is taken out. */
    public boolean holds(Attachment attachment) {
        try {
            var file = file(attachment);
            return Files.isRegularFile(file) && Files.size(file) == attachment.sizeBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    /** Whether all that the plan needs is here. */
    public boolean holdsAll(PlanSource source) {
        return source.attachments().stream().allMatch(this::holds);
    }

    /** What was put here is here after a power cut, too. */
    public void sync() {
        try {
            AtomicFiles.syncFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot sync the folder " + folder, e);
        }
    }

    /** Makes room for what {@link #file} is to hold. */
    public void prepare() {
        try {
            AtomicFiles.createOwnerOnlyFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + folder, e);
        }
    }

    /**
     * Takes in a copy of {@code file}.
     *
     * @throws FedbiomedException if it no longer is what {@code attachment} says
     */
    public void add(Path file, Attachment attachment) {
        prepare();
        var aside = folder.resolve("." + UUID.randomUUID());
        try {
            copy(file, attachment, aside);
            Files.move(aside, file(attachment), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            AtomicFiles.syncFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + file + " to " + folder, e);
        } finally {
            remove(aside);
        }
    }

    /**
     * Copies the attachment's content to {@code target}, and looks at the copy: nobody has changed it since the plan was
     * reviewed.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} if it is missing or has another content
     */
    public void copyTo(Attachment attachment, Path target) {
        try {
            copy(file(attachment), attachment, target);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "this node no longer has the plan's attachment '" + attachment.name() + "' ("
                            + e.getClass().getSimpleName()
                            + "); its data manager puts it back with 'fedbiomed node plan"
                            + " add PLAN.java --attachment " + attachment.name() + "'",
                    e);
        }
    }

    private static void copy(Path file, Attachment attachment, Path target) throws IOException {
        Files.copy(file, target);
        if (!attachment.equals(
                new Attachment(attachment.name(), fedbiomed.vocabulary.Sha256.of(target), Files.size(target)))) {
            Files.delete(target);
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's attachment '" + attachment.name() + "' has another content than its hash says ("
                            + attachment.sha256() + "); its data manager puts the right file back with 'fedbiomed node"
                            + " plan add PLAN.java --attachment " + attachment.name() + "'");
        }
    }

    /** Removes everything but the contents of these hashes, also what an interrupted transfer has left. */
    void keepOnly(Set<String> hashes) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                if (!hashes.contains(String.valueOf(file.getFileName()))) {
                    remove(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + folder, e);
        }
    }

    /** Also of what an interrupted transfer has left of it. */
    void remove(Attachment attachment) {
        var file = file(attachment);
        remove(file);
        remove(file.resolveSibling(file.getFileName() + ".part"));
    }

    /** What cannot be removed takes room, and does no other harm. */
    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", file, e.toString());
        }
    }
}
