package fedbiomed.parameters;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Has what was written to files go to the disk while more is being written, so that what is left to wait for at the end
 * is little. A thread of its own, which mostly waits for the disk.
 */
final class EarlyFlush implements AutoCloseable {
    /** Less is not worth a call of its own. */
    private static final long WORTH_FLUSHING_BYTES = 32L << 20;

    private static final int LOOK_EVERY_MILLIS = 5;

    private final List<AsideFile> files;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable IOException failure;

    private EarlyFlush(List<AsideFile> files) {
        this.files = files;
        this.thread = Thread.ofPlatform().name("early-flush").daemon().unstarted(this::run);
    }

    static EarlyFlush of(List<AsideFile> files) {
        var flush = new EarlyFlush(List.copyOf(files));
        flush.thread.start();
        return flush;
    }

    private void run() {
        try {
            while (!ended.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                for (var file : files) {
                    file.flushFrom(WORTH_FLUSHING_BYTES);
                }
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /** Waits for a flush that has begun: a file is not closed under it. */
    @Override
    public void close() {
        ended.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** @throws IOException what a flush met: the kernel tells it once, so that the last one would not meet it again */
    void requireWritten() throws IOException {
        if (failure != null) {
            throw new IOException("writing to the disk failed", failure);
        }
    }
}
