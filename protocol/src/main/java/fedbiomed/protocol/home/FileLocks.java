package fedbiomed.protocol.home;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One at a time, over all threads and processes that work on a home: a running party and the commands of a person. */
public final class FileLocks {
    /**
     * The locks of the file system are the process's: a thread that closes the lock file would give up what another one
     * holds. So within this process one thread at a time has the file open.
     */
    private static final ConcurrentMap<Path, ReentrantLock> WITHIN_PROCESS = new ConcurrentHashMap<>();

    private FileLocks() {}

    /** What is done under a lock. */
    public interface Work<T extends @Nullable Object> {
        T run() throws IOException;
    }

    /**
     * Waits for the lock and does {@code work}.
     *
     * @param file is there for the lock alone; made where it is missing, in a folder that exists
     */
    public static <T extends @Nullable Object> T holding(Path file, Work<T> work) throws IOException {
        var turn = turn(file);
        turn.lock();
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    /**
     * As {@link #holding}, but does nothing where another has the lock.
     *
     * @return whether the work was done
     */
    public static boolean ifFree(Path file, Work<?> work) throws IOException {
        var turn = turn(file);
        if (!turn.tryLock()) {
            return false;
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var lock = channel.tryLock()) {
            if (lock != null) {
                work.run();
            }
            return lock != null;
        } finally {
            turn.unlock();
        }
    }

    private static ReentrantLock turn(Path file) {
        return WITHIN_PROCESS.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
    }
}
