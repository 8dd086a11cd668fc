package fedbiomed.network;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One running Network a home; the system frees the lock when its process dies. */
record HomeLock(FileChannel channel) implements AutoCloseable {
    private static final String FILE = "network.lock";

    static HomeLock take(Path home) {
        var file = home.resolve(FILE);
        try {
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return new HomeLock(channel);
                }
            } catch (OverlappingFileLockException _) {
                // held by this process: as bad as by another
            }
            channel.close();
        } catch (IOException e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "cannot lock " + file + ": " + e.getMessage(), e);
        }
        throw new FedbiomedException(
                ErrorCode.BUSY,
                "a Network with the home " + home + " is running already; stop it first, or give another --home");
    }

    /** Whether a Network runs there; for a moment it keeps one from starting. */
    static boolean isTaken(Path home) {
        if (!Files.exists(home.resolve(FILE))) {
            return false;
        }
        try (var _ = take(home)) {
            return false;
        } catch (FedbiomedException e) {
            if (e.code() == ErrorCode.BUSY) {
                return true;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "cannot release the lock of the home", e);
        }
    }
}
