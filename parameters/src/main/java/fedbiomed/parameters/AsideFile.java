package fedbiomed.parameters;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file written beside its target, readable by its owner alone, and renamed to it when it is whole and on the disk: a
 * reader sees the old file or the new one, never a half. Closed without {@link #commit}, it is deleted.
 */
final class AsideFile implements AutoCloseable {
    private static final Set<OpenOption> NEW = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Windows has no such modes; there the folder's access list is its files'. */
    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private final Path target;
    private final Path aside;
    private final FileChannel channel;
    private final AtomicLong unflushed = new AtomicLong();

    private AsideFile(Path target, Path aside, FileChannel channel) {
        this.target = target;
        this.aside = aside;
        this.channel = channel;
    }

    static AsideFile of(Path target) throws IOException {
        var absolute = target.toAbsolutePath();
        var aside = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
        return new AsideFile(absolute, aside, FileChannel.open(aside, NEW, OWNER_ONLY));
    }

    /** Writes all of the buffer; may be called from several threads at once for different places. */
    void write(ByteBuffer buffer, long position) throws IOException {
        for (long at = position; buffer.hasRemaining(); ) {
            int bytes = channel.write(buffer, at);
            at += bytes;
            unflushed.addAndGet(bytes);
        }
    }

    /** Waits until what was written so far is on the disk, if that is so many bytes; others may write meanwhile. */
    void flushFrom(long bytes) throws IOException {
        long before = unflushed.get();
        if (before >= bytes) {
            channel.force(false);
            unflushed.addAndGet(-before);
        }
    }

    /** The file is now at its target, and stays there if the power fails. */
    void commit() throws IOException {
        channel.force(true);
        rename();
        syncFolder();
    }

    /** The file is now at its target; a power cut may take it. */
    void rename() throws IOException {
        channel.close();
        Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The rename itself is on the disk only when the folder is; Windows cannot open one, and needs not. */
    private void syncFolder() throws IOException {
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            try (var folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(aside);
    }
}
