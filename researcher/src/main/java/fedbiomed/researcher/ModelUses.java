package fedbiomed.researcher;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Which models are in use, over all programs that work with one researcher's home: the store knows a party, not its
 * programs. A use is a file in {@code published/} that is locked for as long as its program lives; whoever begins or ends
 * one holds {@code published/lock} meanwhile.
 */
final class ModelUses {
    private static final String LOCK = "lock";
    private static final long LOCK_RETRY_NANOS = 2_000_000;

    private final Path folder;

    /** @param home the researcher's */
    ModelUses(Path home) {
        this.folder = home.resolve("published");
    }

    /** One use; its file stays locked until it is ended. */
    record Use(String sha256, Path file, FileChannel channel) {}

    private interface Work {
        Use run() throws IOException;
    }

    Use begin(String sha256) {
        return locked(() -> {
            var file = folder.resolve(sha256 + "." + UUID.randomUUID());
            var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            channel.lock();
            return new Use(sha256, file, channel);
        });
    }

    /** Ends a use, and runs {@code ifLast} before anybody can begin another if this was the last one of its model. */
    void end(Use use, Runnable ifLast) {
        locked(() -> {
            use.channel().close();
            Files.deleteIfExists(use.file());
            if (!isUsed(use.sha256())) {
                ifLast.run();
            }
            return use;
        });
    }

    /** Removes the files that killed programs have left. */
    private boolean isUsed(String sha256) throws IOException {
        boolean used = false;
        try (var files = Files.newDirectoryStream(folder, sha256 + ".*")) {
            for (var file : files) {
                if (isAlive(file)) {
                    used = true;
                } else {
                    Files.deleteIfExists(file);
                }
            }
        }
        return used;
    }

    private static boolean isAlive(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            return lock == null;
        } catch (OverlappingFileLockException _) {
            return true; // by another object of this JVM
        }
    }

    /** An interrupted thread could lock nothing, and what is in use must be written down then too. */
    private Use locked(Work work) {
        boolean interrupted = Thread.interrupted();
        try {
            AtomicFiles.createOwnerOnlyFolder(folder);
            try (var channel = FileChannel.open(
                            folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = lock(channel)) {
                return work.run();
            }
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write down in " + folder + " which models are in use ("
                            + e.getClass().getSimpleName() + "); look at the disk and at the folder's permissions",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the lock, also where another object of this JVM holds it. */
    private static FileLock lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException _) {
                LockSupport.parkNanos(LOCK_RETRY_NANOS);
            }
        }
    }
}
