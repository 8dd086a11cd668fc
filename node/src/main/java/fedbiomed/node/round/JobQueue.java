package fedbiomed.node.round;

import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.message.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that are worked on, so many at a time; researchers and their experiments take turns ({@link FairTurns}). How many wait is bounded by
 * the journal that they are in.
 */
public final class JobQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    /** Further back a place means little. */
    private static final int MOST_TOLD = 100;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

    private final FairTurns turns;
    private final Function<StoredRequest, String> experiment;
    private final Function<StoredRequest, Optional<Answer>> work;
    private final BiConsumer<StoredRequest, Answer> finished;
    private final Places places;
    private final ConcurrentMap<String, Thread> running = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, StoredRequest> waiting = new ConcurrentHashMap<>();
    private final Map<String, Integer> told = new HashMap<>();
    private volatile boolean closed;

    /** Is told where requests that wait stand in the line. */
    public interface Places {
        /** @param place from 1 @param of how many wait */
        void stands(StoredRequest request, int place, int of);
    }

    /**
     * @param experiment of its researcher's, by a name
     * @param work gives the answer; none where the request is no longer to be worked on
     * @param finished is told the answers, but not those of requests that were cancelled or stopped with the node
     */
    public JobQueue(
            int concurrency,
            Function<StoredRequest, String> experiment,
            Function<StoredRequest, Optional<Answer>> work,
            BiConsumer<StoredRequest, Answer> finished,
            Places places) {
        this.turns = new FairTurns(concurrency);
        this.experiment = experiment;
        this.places = places;
        this.work = work;
        this.finished = finished;
    }

    /** Takes the request up, unless it is worked on already. */
    public void submit(StoredRequest request) {
        var of = experiment.apply(request);
        var job = new AtomicReference<Runnable>();
        var thread = Thread.ofVirtual()
                .name("job-" + request.id().substring(0, 8))
                .unstarted(() -> Objects.requireNonNull(job.get()).run());
        if (!closed && running.putIfAbsent(request.id(), thread) == null) {
            // here, so that the line is that of arrival
            var turn = turns.lineUp(request.researcher().value(), of, request.id());
            waiting.put(request.id(), request);
            job.set(() -> run(request, turn));
            thread.start();
        }
    }

    private void run(StoredRequest request, FairTurns.Turn turn) {
        try {
            tellPlaces();
            turn.await();
            waiting.remove(request.id());
            var reply = work.apply(request);
            // a cancelled request, or one to be taken up again at the next start, has no answer
            if (!closed && running.remove(request.id(), Thread.currentThread())) {
                reply.ifPresent(answer -> finished.accept(request, answer));
            }
        } catch (InterruptedException _) {
            // cancelled before its turn
        } catch (RuntimeException e) {
            LOG.error("request {} could not be answered; it is taken up again at the next start", request.id(), e);
        } finally {
            running.remove(request.id(), Thread.currentThread());
            waiting.remove(request.id());
            turns.leave(turn);
            tellPlaces();
        }
    }

    /** To those whose place is another than they were told. */
    private void tellPlaces() {
        if (closed) {
            return;
        }
        synchronized (told) {
            var order = turns.order();
            told.keySet().retainAll(order);
            for (int i = 0; i < Math.min(order.size(), MOST_TOLD); i++) {
                var request = waiting.get(order.get(i));
                if (request != null && !Integer.valueOf(i + 1).equals(told.put(request.id(), i + 1))) {
                    places.stands(request, i + 1, order.size());
                }
            }
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
