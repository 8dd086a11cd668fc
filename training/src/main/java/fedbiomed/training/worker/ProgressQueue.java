package fedbiomed.training.worker;

import fedbiomed.vocabulary.Scalar;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A job's numbers on their way to the parent, written by a thread of its own: training never waits for a pipe that nobody
 * empties. What finds no place is given that of the oldest, which is dropped and counted.
 */
final class ProgressQueue implements AutoCloseable {
    /** A second and more of what a node hands on. */
    static final int PLACES = 1024;

    /**
     * Between two looks of the writer. A loop of tiny batches tells a hundred thousand numbers a second: waking the writer for
     * each, and writing all of them, took longer than the training. A node sends four times a second at most.
     */
    private static final long PAUSE_MILLIS = 100;

    private final CountDownLatch closing = new CountDownLatch(1);
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
        var some = new ArrayList<Next>();
        try {
            while (true) {
                some.add(queue.take());
                queue.drainTo(some);
                for (var next : some) {
                    switch (next) {
                        case Next.Told(var scalar) -> out.accept(scalar);
                        case Next.End() -> {
                            return;
                        }
                    }
                }
                some.clear();
                var _ = closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
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
        closing.countDown();
        while (writer.isAlive()) {
            try {
                if (queue.offer(new Next.End(), 1, TimeUnit.SECONDS)) {
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
