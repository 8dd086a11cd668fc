package fedbiomed.node;

import fedbiomed.node.state.RequestJournal;
import fedbiomed.node.state.RequestJournal.StoredReply;
import fedbiomed.node.state.StoredRequest;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.FedbiomedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers to finished trainings on their way: sent at once, on every reconnection, and again with growing pauses until
 * the researcher says that the answer is on its disk.
 */
final class ReplyOutbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyOutbox.class);

    private static final long TICK_MILLIS = 500;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** How long the broker keeps an answer for a researcher that is away; it is sent again anyway. */
    static final Duration LIFETIME = Duration.ofMinutes(10);

    private final RequestJournal journal;
    private final Federation federation;
    private final Predicate<StoredRequest> mayLeave;
    private final Consumer<List<SealedRef>> arrived;
    private final Duration firstPause;
    private final Clock clock;
    private final Map<String, Turn> pending = new ConcurrentHashMap<>();
    private final Thread ticker;

    private record Turn(Instant next, Duration pause) {}

    /**
     * @param mayLeave whether the answer may be sent now; until it may, it is kept and looked at again
     * @param arrived told of what an answer had left in the parameter store, when its researcher has it
     */
    ReplyOutbox(
            RequestJournal journal,
            Federation federation,
            Predicate<StoredRequest> mayLeave,
            Consumer<List<SealedRef>> arrived,
            Duration firstPause,
            Clock clock) {
        this.mayLeave = mayLeave;
        this.arrived = arrived;
        this.journal = journal;
        this.federation = federation;
        this.firstPause = firstPause;
        this.clock = clock;
        this.ticker = Thread.ofVirtual().name("reply-outbox").unstarted(this::tick);
        journal.unacknowledged().forEach(this::add);
        ticker.start();
    }

    /** Sends the stored answer now, and again until {@link #acknowledged}. */
    void add(String request) {
        var turn = new Turn(clock.instant(), firstPause);
        pending.put(request, turn);
        if (federation.connected()) {
            send(request, turn, clock.instant());
        }
        // not before: it would send the same
        LockSupport.unpark(ticker);
    }

    /** @return false if it was acknowledged before */
    boolean acknowledged(String request) {
        boolean first = pending.remove(request) != null;
        if (first) {
            journal.reply(request).map(StoredReply::enclosed).ifPresent(arrived);
        }
        return first;
    }

    /** All that is unacknowledged is sent at once. */
    void connected() {
        var now = clock.instant();
        pending.replaceAll((_, turn) -> new Turn(now, turn.pause()));
    }

    /** Answers that are sent again until they are acknowledged. */
    int size() {
        return pending.size();
    }

    private void tick() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (pending.isEmpty()) {
                    LockSupport.park(this);
                } else {
                    Thread.sleep(TICK_MILLIS);
                }
                try {
                    sendDue();
                } catch (RuntimeException e) {
                    LOG.error("answers could not be sent; they will be tried again", e);
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void sendDue() {
        if (!federation.connected()) {
            return;
        }
        var now = clock.instant();
        pending.forEach((request, turn) -> {
            if (!now.isBefore(turn.next())) {
                send(request, turn, now);
            }
        });
    }

    private void send(String request, Turn turn, Instant now) {
        var stored = journal.reply(request);
        if (stored.isEmpty()) {
            pending.remove(request);
            return;
        }
        var pause = turn.pause().multipliedBy(2);
        // only if nothing else has happened to it meanwhile, an acknowledgement say
        pending.replace(
                request,
                turn,
                new Turn(now.plus(turn.pause()), pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause));
        if (!mayLeave.test(stored.get().request())) {
            return;
        }
        try {
            var answer = stored.get();
            federation.send(
                    new Outgoing(answer.request().researcher(), answer.reply())
                            .enclosing(answer.enclosed())
                            .sealedFor(answer.request().keys()),
                    now.plus(LIFETIME));
        } catch (FedbiomedException e) {
            LOG.error("the answer to {} cannot be sent: {}", request, e.text());
            pending.remove(request);
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
    }
}
