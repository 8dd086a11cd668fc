package fedbiomed.protocol.mqtt;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the messages that were taken in until they expire, so that whoever carries them (the Network, say) cannot
 * bring one a second time. No two messages are the same: each is sealed with fresh randomness, also when the same
 * question is asked again. A sender's are bounded; beyond, those that it sent first are forgotten, and with them
 * anything that it sent before them is refused.
 *
 * <p>In a file, what is remembered outlives the process: a line a message, written before the message counts as taken,
 * not forced to the disk (a power cut may lose the last seconds).
 */
public final class ReplayGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayGuard.class);
    private static final String FILE = "received-messages.txt";
    /** Of one sender; a minute's limit of the Network is far below. */
    static final int MAX_OF_SENDER = 20_000;
    /** Lines of expired messages that the file may hold before it is written anew. */
    private static final int MAX_STALE_LINES = 2_000;
    /** More than a hundred senders at their bound; a larger file is not ours. */
    private static final int MAX_FILE_BYTES = 256 << 20;

    private static final int FIELDS = 4;

    private final @Nullable Path file;
    private final Map<Fingerprint, Sender> senders = new HashMap<>();
    private int lines;

    private record Message(String hash, long sent, long expires) {}

    private static final class Sender {
        final Set<String> hashes = new HashSet<>();
        final PriorityQueue<Message> bySending = new PriorityQueue<>(Comparator.comparingLong(Message::sent));
        final PriorityQueue<Message> byExpiry = new PriorityQueue<>(Comparator.comparingLong(Message::expires));
        /** What was sent at this time or before may have been forgotten. */
        long floor = Long.MIN_VALUE;

        void add(Message message) {
            hashes.add(message.hash());
            bySending.add(message);
            byExpiry.add(message);
            if (hashes.size() > MAX_OF_SENDER) {
                var first = bySending.remove();
                floor = Math.max(floor, first.sent());
                byExpiry.remove(first);
                hashes.remove(first.hash());
            }
        }

        void forgetExpired(long now) {
            while (!byExpiry.isEmpty() && byExpiry.element().expires() <= now) {
                var old = byExpiry.remove();
                bySending.remove(old);
                hashes.remove(old.hash());
            }
        }
    }

    private ReplayGuard(@Nullable Path file, long now) {
        this.file = file;
        if (file != null && Files.exists(file)) {
            read(file, now);
        }
    }

    /** For a program of which several may run with one home: each takes in everything once. */
    public static ReplayGuard inMemory() {
        return new ReplayGuard(null, 0);
    }

    /** In {@code home}, for the one program that runs with it. @param now milliseconds since the epoch */
    public static ReplayGuard inFolder(Path home, long now) {
        return new ReplayGuard(home.resolve(FILE), now);
    }

    /** Whether this message was taken in before, or may have been. */
    synchronized boolean knows(Fingerprint sender, byte[] message, long sent) {
        var known = senders.get(sender);
        return known != null && (sent <= known.floor || known.hashes.contains(Sha256.of(message)));
    }

    /** It was taken in: from now on it is known. */
    synchronized void taken(Fingerprint sender, byte[] bytes, long sent, long expires, long now) {
        var message = new Message(Sha256.of(bytes), sent, expires);
        var of = senders.computeIfAbsent(sender, _ -> new Sender());
        of.forgetExpired(now);
        of.add(message);
        if (file != null) {
            write(file, sender, message, now);
        }
    }

    private void write(Path target, Fingerprint sender, Message message, long now) {
        try {
            if (lines > MAX_STALE_LINES + 2 * live()) {
                senders.values().forEach(known -> known.forgetExpired(now));
                var all = new StringBuilder();
                senders.forEach((party, known) -> known.bySending.forEach(kept -> all.append(line(party, kept))));
                AtomicFiles.writeOwnerOnly(target, all.toString().getBytes(StandardCharsets.US_ASCII));
                lines = live();
            } else {
                Files.writeString(
                        target,
                        line(sender, message),
                        StandardCharsets.US_ASCII,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
                lines++;
            }
        } catch (IOException e) {
            // the message was acted upon: not to remember it after a restart is less bad than to act again now
            LOG.error("cannot write to {} which messages came ({}); look at the disk", target, e.toString());
        }
    }

    private int live() {
        return senders.values().stream().mapToInt(known -> known.hashes.size()).sum();
    }

    private static String line(Fingerprint sender, Message message) {
        return sender + " " + message.sent() + " " + message.expires() + " " + message.hash() + "\n";
    }

    private void read(Path from, long now) {
        try {
            if (Files.size(from) > MAX_FILE_BYTES) {
                throw new IOException("it has more than " + MAX_FILE_BYTES + " bytes");
            }
            try (var all = Files.lines(from, StandardCharsets.ISO_8859_1)) {
                all.forEach(line -> read(line, now));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + from, e);
        }
    }

    /** The last line may be cut. */
    private void read(String line, long now) {
        lines++;
        var fields = line.split(" ", FIELDS + 1);
        if (fields.length != FIELDS || !Sha256.isHash(fields[3])) {
            return;
        }
        try {
            var message = new Message(fields[3], Long.parseLong(fields[1]), Long.parseLong(fields[2]));
            if (message.expires() > now) {
                senders.computeIfAbsent(new Fingerprint(fields[0]), _ -> new Sender())
                        .add(message);
            }
        } catch (IllegalArgumentException _) {
            LOG.debug("a line of the messages that came is not readable");
        }
    }
}
