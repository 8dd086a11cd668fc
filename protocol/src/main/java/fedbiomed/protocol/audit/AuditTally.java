package fedbiomed.protocol.audit;

import fedbiomed.vocabulary.FedbiomedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records what a party can bring about as often as it likes, such as refusals, so that it fills no disk: the first of its
 * kind has a line at once; those that follow within the window are counted, and have one line together when the window
 * ends, or when this is closed. A process that is killed loses the counts of one window.
 *
 * <p>Alike are events of one kind, party and reason. Where a party thinks of more than {@value #MAX_OF_PARTY} sorts, the
 * others are counted as one; where more than {@value #MAX_PARTIES} parties come, the others are counted without a name.
 */
public final class AuditTally implements AutoCloseable {
    public static final Duration WINDOW = Duration.ofMinutes(10);

    static final int MAX_OF_PARTY = 32;
    static final int MAX_PARTIES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(AuditTally.class);

    private final AuditTrail log;
    private final Thread closer;
    private Map<AuditEvent, Count> counts = new LinkedHashMap<>();
    private Map<String, Set<AuditEvent>> sorts = new HashMap<>();

    private static final class Count {
        private long events;
        private long bytesOut;
    }

    public AuditTally(AuditTrail log, Duration window) {
        this.log = log;
        closer = Thread.ofVirtual().name("audit-tally").start(() -> endWindows(window));
    }

    private void endWindows(Duration window) {
        try {
            while (true) {
                Thread.sleep(window);
                endWindow();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    /** @throws FedbiomedException if it is the first of its kind and cannot be recorded */
    public synchronized void record(AuditEvent event) {
        var sort = sort(event);
        var count = counts.get(sort);
        if (count == null) {
            log.append(event);
            counts.put(sort, new Count());
            return;
        }
        count.events++;
        Long bytes = event.bytesOut();
        count.bytesOut += bytes == null ? 0 : bytes;
    }

    private AuditEvent sort(AuditEvent event) {
        var like = event.likeness();
        @Nullable String party = event.party();
        var name = party == null ? "" : party;
        var known = sorts.get(name);
        if (known == null) {
            if (sorts.size() >= MAX_PARTIES) {
                return AuditEvent.of(event.kind()).build();
            }
            known = new HashSet<>();
            sorts.put(name, known);
        }
        if (known.contains(like) || known.size() < MAX_OF_PARTY) {
            known.add(like);
            return like;
        }
        return like.ofParty();
    }

    /** Writes down what was counted; what cannot be written is counted on. */
    synchronized void endWindow() {
        var left = new LinkedHashMap<AuditEvent, Count>();
        counts.forEach((sort, count) -> {
            if (count.events > 0) {
                try {
                    log.append(sort.times(count.events, count.bytesOut));
                } catch (FedbiomedException e) {
                    LOG.error("what was counted for the audit log could not be recorded yet: {}", e.text());
                    left.put(sort, count);
                }
            }
        });
        counts = left;
        sorts = new HashMap<>();
    }

    @Override
    public void close() {
        closer.interrupt();
        endWindow();
    }
}
