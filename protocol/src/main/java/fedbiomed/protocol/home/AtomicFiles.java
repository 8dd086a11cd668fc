package fedbiomed.protocol.home;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that are whole or absent, whatever dies: written beside their place, fsynced, renamed over it, and the folder
 * fsynced. Private ones are never readable by anyone but their owner, not even for a moment.
 */
public final class AtomicFiles {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private AtomicFiles() {}

    /** Writes {@code bytes} as {@code target} (its folder must exist), with the process's usual permissions. */
    public static void write(Path target, byte[] bytes) throws IOException {
        replace(target, bytes, "rw-r--r--", Durability.POWER_CUT);
    }

    /** As {@link #write}, where it need not outlive more than {@code durability} says. */
    public static void write(Path target, byte[] bytes, Durability durability) throws IOException {
        replace(target, bytes, "rw-r--r--", durability);
    }

    /** As {@link #write}, readable and writable by the owner alone (0600). */
    public static void writeOwnerOnly(Path target, byte[] bytes) throws IOException {
        replace(target, bytes, "rw-------", Durability.POWER_CUT);
    }

    /** Copies {@code source} to {@code target} as {@link #writeOwnerOnly} writes; it may be large. */
    public static void copyOwnerOnly(Path source, Path target) throws IOException {
        copyOwnerOnly(source, target, Durability.POWER_CUT);
    }

    /** As {@link #copyOwnerOnly(Path, Path)}, where it need not outlive more than {@code durability} says. */
    public static void copyOwnerOnly(Path source, Path target, Durability durability) throws IOException {
        try (var from = FileChannel.open(source, StandardOpenOption.READ)) {
            long size = from.size();
            replace(target, "rw-------", durability, to -> {
                for (long at = 0; at < size; ) {
                    long copied = from.transferTo(at, size - at, to);
                    if (copied <= 0) {
                        throw new IOException(source + " became shorter while it was copied");
                    }
                    at += copied;
                }
            });
        }
    }

    /** Creates the folder and its missing parents; the folder itself for the owner alone (0700). */
    public static void createOwnerOnlyFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        var parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(folder, permissions("rwx------"));
        } catch (FileAlreadyExistsException e) {
            // another thread or process was faster
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /**
     * Refuses a private file that the group or others can reach; the error says its mode and which {@code chmod} to do.
     * Where files have no POSIX modes (Windows) nothing is checked: there the folder's access list must keep others out.
     */
    public static void requireOwnerOnly(Path file) throws IOException {
        if (!posix()) {
            return;
        }
        var held = Files.getPosixFilePermissions(file);
        if (!Collections.disjoint(held, OTHERS)) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the private file " + file + " can be reached by others than its owner (its mode is "
                            + PosixFilePermissions.toString(held) + "); do: chmod 600 " + file
                            + " - and think of who may have read it");
        }
    }

    /**
     * The file's bytes, refused when there are more than {@code maxBytes}.
     *
     * @throws FedbiomedException when the file is larger
     */
    public static byte[] readBounded(Path file, int maxBytes) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new FedbiomedException(
                        ErrorCode.BAD_MESSAGE,
                        file + " has more than " + maxBytes
                                + " bytes and is not what it should be; put the right file there");
            }
            return bytes;
        }
    }

    /** Makes a rename or a removal in {@code folder} outlive a power cut. */
    public static void syncFolder(Path folder) throws IOException {
        if (!posix()) {
            return;
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private static void replace(Path target, byte[] bytes, String mode, Durability durability) throws IOException {
        replace(target, mode, durability, channel -> {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        });
    }

    private static void replace(Path target, String mode, Durability durability, Content content) throws IOException {
        var folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(target + " is not a file's path");
        }
        var aside = Files.createTempFile(folder, "." + target.getFileName(), ".part", permissions("rw-------"));
        try {
            try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                if (durability == Durability.POWER_CUT) {
                    channel.force(true);
                }
            }
            if (posix()) {
                Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString(mode));
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
        if (durability == Durability.POWER_CUT) {
            syncFolder(folder);
        }
    }

    private static FileAttribute<?>[] permissions(String mode) {
        return posix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
