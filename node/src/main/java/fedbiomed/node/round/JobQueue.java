package fedbiomed.node.round;

import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.message.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are worked on, in the order in which they came, so many at a time. How many wait is bounded by the
 * journal that they are in.
 */
public final class JobQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private final Semaphore turns;
    private final Function<StoredRequest, Optional<Answer>> work;
    private final BiConsumer<StoredRequest, Answer> finished;
    private final ConcurrentMap<String, Thread> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param work gives the answer; none where the request is no longer to be worked on
     * @param finished is told the answers, but not those of requests that were cancelled or stopped with the node
     */
    public JobQueue(
            int concurrency,
            Function<StoredRequest, Optional<Answer>> work,
            BiConsumer<StoredRequest, Answer> finished) {
        this.turns = new Semaphore(concurrency, true);
        this.work = work;
        this.finished = finished;
    }

    /** Takes the request up, unless it is worked on already. */
    public void submit(StoredRequest request) {
        var thread =
                Thread.ofVirtual().name("job-" + request.id().substring(0, 8)).unstarted(() -> run(request));
        if (!closed && running.putIfAbsent(request.id(), thread) == null) {
            thread.start();
        }
    }

    private void run(StoredRequest request) {
        try {
            turns.acquire();
            try {
                var reply = work.apply(request);
                // a cancelled request, or one to be taken up again at the next start, has no answer
                if (!closed && running.remove(request.id(), Thread.currentThread())) {
                    reply.ifPresent(answer -> finished.accept(request, answer));
                }
            } finally {
                turns.release();
            }
        } catch (InterruptedException _) {
            // cancelled before its turn
        } catch (RuntimeException e) {
            LOG.error("request {} could not be answered; it is taken up again at the next start", request.id(), e);
        } finally {
            running.remove(request.id(), Thread.currentThread());
        }
    }

    /** Stops work on a request; returns at once. */
    public void cancel(String request) {
        var thread = running.remove(request);
        if (thread != null) {
            thread.interrupt();
        }
    }

    public int size() {
        return running.size();
    }

    @Override
    public void close() {
        closed = true;
        var threads = new ArrayList<>(running.values());
        threads.forEach(Thread::interrupt);
        try {
            for (var thread : threads) {
                if (!thread.join(STOP_PATIENCE)) {
                    LOG.warn("{} does not stop", thread.getName());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
