package fedbiomed.researcher.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While it is open, Ctrl-C (or SIGTERM) interrupts the thread that opened it and waits until it has cleaned up: nodes are
 * told to stop, the folder stays whole. The JVM then ends with 130 (143) by itself.
 */
final class Interruption implements AutoCloseable {
    private static final long LONGEST_SECONDS = 8;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean fired;

    private Interruption(Thread thread) {
        hook = new Thread(() -> {
            fired = true;
            thread.interrupt();
            try {
                if (!done.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("Still busy; the nodes may go on until their requests expire.");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    static Interruption ofThisThread() {
        var interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    boolean fired() {
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
