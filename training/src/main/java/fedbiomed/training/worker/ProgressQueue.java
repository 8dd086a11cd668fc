package fedbiomed.training.worker;

import fedbiomed.vocabulary.Scalar;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A job's numbers on their way to the parent, written by a thread of its own: training never waits for a pipe that nobody
 * empties. What finds no place is given that of the oldest, which is dropped and counted.
 */
final class ProgressQueue implements AutoCloseable {
    /** A second and more of what a node hands on. */
    static final int PLACES = 1024;

    private final BlockingQueue<Next> queue = new ArrayBlockingQueue<>(PLACES);
    private final AtomicLong missed = new AtomicLong();
    private final Thread writer;

    private sealed interface Next {
        record Told(Scalar scalar) implements Next {}

        record End() implements Next {}
    }

    /** @param out writes; may take its time */
    ProgressQueue(Consumer<Scalar> out) {
        writer = Thread.ofPlatform().daemon().name("progress").start(() -> write(out));
    }

    private void write(Consumer<Scalar> out) {
        try {
            while (queue.take() instanceof Next.Told(var scalar)) {
                out.accept(scalar);
            }
        } catch (InterruptedException _) {
            // nobody waits for the rest
        }
    }

    /** Never waits. */
    void add(Scalar scalar) {
        var next = new Next.Told(scalar);
        while (!queue.offer(next)) {
            if (queue.poll() != null) {
                missed.incrementAndGet();
            }
        }
    }

    /** Numbers that were dropped. */
    long missed() {
        return missed.get();
    }

    /** Returns when what has a place is written. Training is over: here one may wait. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        while (writer.isAlive()) {
            try {
                if (queue.offer(new Next.End(), 1, java.util.concurrent.TimeUnit.SECONDS)) {
                    writer.join();
                }
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
