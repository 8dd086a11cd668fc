package fedbiomed.protocol.store;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How far a transfer has come, over all its attempts, and the one attempt that is under way: it is given up when nothing
 * moves for too long. There is no limit on the whole, since a large model on a slow line takes its time.
 */
final class Transfer implements TransferProgress {
    private final TransferProgress listener;
    private final Duration longestStall;
    private volatile long furthest = -1;
    private volatile long movedNanos = System.nanoTime();
    private volatile long gainedNanos = System.nanoTime();

    /** @param longestStall after which an attempt is given up */
    Transfer(TransferProgress listener, Duration longestStall) {
        this.listener = listener;
        this.longestStall = longestStall;
    }

    @Override
    public void moved(long done, long total) {
        movedNanos = System.nanoTime();
        if (done > furthest) {
            furthest = done;
            gainedNanos = movedNanos;
        }
        listener.moved(done, total);
    }

    /** When it last came further than ever before, by {@link System#nanoTime}; bytes sent anew do not count. */
    long gainedNanos() {
        return gainedNanos;
    }

    /** What an attempt may do. */
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs {@code attempt}; when nothing moves for too long {@code abort} is called, which must make it fail. */
    <T> T watched(Attempt<T> attempt, Abort abort) throws IOException, InterruptedException {
        movedNanos = System.nanoTime();
        var stalled = new AtomicBoolean();
        var watch = Thread.ofVirtual().name("transfer-watch").start(() -> watch(abort, stalled));
        try {
            return attempt.run();
        } catch (IOException | RuntimeException e) {
            if (stalled.get()) {
                throw new IOException("nothing has moved for " + longestStall.toSeconds() + " s", e);
            }
            throw e;
        } finally {
            watch.interrupt();
        }
    }

    /** Ends an attempt from outside. */
    interface Abort {
        void abort() throws IOException;
    }

    private void watch(Abort abort, AtomicBoolean stalled) {
        try {
            for (long left = longestStall.toMillis(); left > 0; left = stallMillisLeft()) {
                Thread.sleep(left);
            }
            stalled.set(true);
            abort.abort();
        } catch (InterruptedException | IOException _) {
            // over, one way or the other
        }
    }

    private long stallMillisLeft() {
        return longestStall.minusNanos(System.nanoTime() - movedNanos).toMillis();
    }
}
