package fedbiomed.researcher;

import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last head of each node's audit log, as the node signed it with its replies: {@code audit-heads.json} in the
 * researcher's home. So a node, or who has got hold of it, cannot cut its log or write it anew without being seen.
 */
public final class AuditHeads {
    public static final String FILE = "audit-heads.json";

    private static final Logger LOG = LoggerFactory.getLogger(AuditHeads.class);

    /** So many times as long as the last writing took, what comes is gathered for the next: a thousand nodes answer in a row. */
    private static final int PAUSE_FOR_EACH_WRITE = 9;

    private final Path file;
    private final List<Said> unwritten = new ArrayList<>();
    private @Nullable Thread writer;

    private record Said(PartyId node, Seen seen) {}

    /**
     * @param fingerprint of the keys that signed it
     * @param head the highest that was seen, or the one before the log changed
     * @param sent when, by the node's clock, in milliseconds since the epoch
     * @param alarm for a person: how the log changed where it should have grown; empty if it did not
     */
    public record Seen(Fingerprint fingerprint, AuditHead head, long sent, String alarm) {}

    public AuditHeads(Path home) {
        this.file = home.resolve(FILE);
    }

    /** By the nodes' names. */
    public synchronized SortedMap<String, Seen> all() {
        write();
        return read();
    }

    private SortedMap<String, Seen> read() {
        try {
            return Files.exists(file)
                    ? Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<TreeMap<String, Seen>>() {})
                    : new TreeMap<>();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    file + " cannot be read; restore it from a backup, or remove it: then no older head is known", e);
        }
    }

    /** Compares the head that comes with a node's reply with the one before, and keeps it. */
    void saw(Received received) {
        var header = received.envelope().header();
        var head = received.envelope().letter().audit();
        if (head == null) {
            return;
        }
        synchronized (this) {
            unwritten.add(new Said(header.from(), new Seen(header.keys().fingerprint(), head, header.sent(), "")));
            if (writer == null) {
                writer = Thread.ofVirtual().name("audit-heads").start(this::writeSaid);
            }
        }
    }

    private void writeSaid() {
        try {
            do {
                long begun = System.nanoTime();
                write();
                TimeUnit.NANOSECONDS.sleep(PAUSE_FOR_EACH_WRITE * (System.nanoTime() - begun));
            } while (!isWritten());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Then the next reply needs another writer. */
    private synchronized boolean isWritten() {
        if (!unwritten.isEmpty()) {
            return false;
        }
        writer = null;
        return true;
    }

    /** What nodes have said by now is in the file when this returns. */
    synchronized void write() {
        if (unwritten.isEmpty()) {
            return;
        }
        try {
            change(_ -> {});
        } catch (UncheckedIOException e) {
            // the replies themselves are as good as they were; said once for each, and not tried again without end
            unwritten.clear();
            LOG.error("the heads of nodes' audit logs were not kept: {}", e.getMessage());
        }
    }

    private static Seen next(PartyId node, Seen before, Seen now) {
        if (!before.fingerprint().equals(now.fingerprint())) {
            return now;
        }
        if (!before.alarm().isEmpty()) {
            return before;
        }
        var alarm = alarm(node, before, now);
        if (!alarm.isEmpty()) {
            LOG.error("{}", alarm);
            return new Seen(before.fingerprint(), before.head(), before.sent(), alarm);
        }
        // messages may overtake each other
        return now.sent() < before.sent() ? before : now;
    }

    private static String alarm(PartyId node, Seen before, Seen now) {
        long known = before.head().sequence();
        long said = now.head().sequence();
        String what;
        if (known == said && !before.head().equals(now.head())) {
            what = "line " + said + " of it is another one than before";
        } else if (now.sent() > before.sent() && said < known || now.sent() < before.sent() && said > known) {
            what = "it had " + Math.max(known, said) + " lines and later " + Math.min(known, said);
        } else {
            return "";
        }
        return "THE AUDIT LOG OF NODE '" + node + "' WAS CUT OR WRITTEN ANEW: " + what
                + ". Ask its data manager to run 'fedbiomed node audit verify --head " + before.head()
                + "'; if there is a good reason (a home restored from a backup), run 'fedbiomed researcher node trust "
                + node + " " + before.fingerprint() + "' to begin anew";
    }

    /** A person has looked into it: what the node says next is the first of it. */
    public void forget(PartyId node) {
        change(heads -> heads.remove(node.value()));
    }

    private synchronized void change(Consumer<SortedMap<String, Seen>> change) {
        try {
            FileLocks.holding(file.resolveSibling(FILE + ".lock"), () -> {
                var old = read();
                var next = new TreeMap<>(old);
                unwritten.forEach(said -> {
                    var node = said.node().value();
                    var before = next.get(node);
                    next.put(node, before == null ? said.seen() : next(said.node(), before, said.seen()));
                });
                unwritten.clear();
                change.accept(next);
                if (!next.equals(old)) {
                    AtomicFiles.write(file, Json.bytes(next));
                }
                return next;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot change " + file, e);
        }
    }
}
