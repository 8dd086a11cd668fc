package fedbiomed.researcher.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, Ctrl-C (or SIGTERM) interrupts the thread that opened it and waits until it has cleaned up: nodes are
 * told to stop, the folder stays whole. The JVM then ends with 130 (143) by itself.
 */
public final class Interruption implements AutoCloseable {
    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(8);

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean fired;

    private Interruption(Thread thread, Duration patience, String stillBusy) {
        hook = new Thread(() -> {
            fired = true;
            thread.interrupt();
            try {
                if (!done.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    System.err.println(stillBusy);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    static Interruption ofThisThread() {
        return ofThisThread(USUAL_PATIENCE, "Still busy; the nodes may go on until their requests expire.");
    }

    /** @param stillBusy what a person is told where the thread has not cleaned up after {@code patience} */
    public static Interruption ofThisThread(Duration patience, String stillBusy) {
        var interruption = new Interruption(Thread.currentThread(), patience, stillBusy);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    public boolean fired() {
        return fired;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook waits for this
        }
        done.countDown();
    }
}
