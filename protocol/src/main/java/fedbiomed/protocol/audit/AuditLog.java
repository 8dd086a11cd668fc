package fedbiomed.protocol.audit;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit log of a node or a Network, {@code audit.jsonl} in its home, with the full files before it. A line is on the
 * disk before what it tells takes effect or is answered. The running party and the commands of a person write to it in
 * turn: whoever holds the lock looks at the last line, and goes on from it. What cannot be recorded is not done, but for
 * what makes the party do less.
 */
public final class AuditLog implements AuditTrail {
    public static final String FILE = "audit.jsonl";

    /** A file that is as long is full: a hundred thousand lines and more. */
    static final long FULL_BYTES = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final String LOCK = "audit.lock";

    private final AuditOwner owner;
    private final Path home;
    private final Segments segments;
    private final PendingEvents pending;
    private final Path lock;
    private final Clock clock;
    private final long fullBytes;

    AuditLog(AuditOwner owner, Path home, Clock clock, long fullBytes) {
        this.owner = owner;
        this.home = home;
        this.segments = new Segments(home);
        this.pending = new PendingEvents(home.resolve(PendingEvents.FILE));
        this.lock = home.resolve(LOCK);
        this.clock = clock;
        this.fullBytes = fullBytes;
    }

    public static AuditLog ofNode(Path home, Clock clock) {
        return new AuditLog(AuditOwner.NODE, home, clock, FULL_BYTES);
    }

    public static AuditLog ofNetwork(Path home, Clock clock) {
        return new AuditLog(AuditOwner.NETWORK, home, clock, FULL_BYTES);
    }

    /**
     * Adds a line; when this returns it survives a power cut.
     *
     * @return the log's new head
     * @throws FedbiomedException {@code INTERNAL} if the disk is full, or the log's last line is damaged
     */
    @Override
    public AuditHead append(AuditEvent event) {
        try {
            return FileLocks.holding(lock, () -> {
                var waiting = pending.read();
                for (var earlier : waiting) {
                    write(earlier);
                }
                var head = write(event);
                if (!waiting.isEmpty()) {
                    pending.clear();
                }
                return head;
            });
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /**
     * Records what makes the party do less, such as a revocation: it must take effect also where it cannot be recorded.
     * Then this says so, and the event waits for the next line that can be written.
     */
    @Override
    public void appendNowOrLater(AuditEvent event) {
        try {
            append(event);
        } catch (FedbiomedException e) {
            LOG.error(
                    "'{}' takes effect BUT COULD NOT BE RECORDED: {}",
                    event.kind().word(),
                    e.text());
            try {
                pending.add(event.at(clock.instant()));
            } catch (IOException again) {
                LOG.error(
                        "nor could it be kept for later ({}): WRITE DOWN that it happened: {} {} at {}",
                        again.getClass().getSimpleName(),
                        event.kind().word(),
                        event.party(),
                        clock.instant());
            }
        }
    }

    private AuditHead write(AuditEvent event) throws IOException {
        var file = segments.current();
        boolean isNew = Files.notExists(file);
        try (var channel = open(file)) {
            var tail = tail(channel);
            if (tail.wholeBytes() >= fullBytes) {
                channel.truncate(tail.wholeBytes());
                channel.force(true);
                Files.move(file, segments.numbered(segments.next()), StandardCopyOption.ATOMIC_MOVE);
                AtomicFiles.syncFolder(home);
                return write(event);
            }
            var line = AuditLine.after(tail.head(owner), clock.instant(), event);
            var bytes = ByteBuffer.wrap(
                    ((tail.lacksLineEnd() ? "\n" : "") + line.text() + "\n").getBytes(StandardCharsets.UTF_8));
            if (bytes.remaining() > AuditLine.MAX_BYTES) {
                throw new IllegalArgumentException(
                        "a line of the audit log would have " + bytes.remaining() + " bytes");
            }
            channel.truncate(tail.wholeBytes());
            channel.position(tail.wholeBytes());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
            if (isNew) {
                AtomicFiles.syncFolder(home);
            }
            return line.head();
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    private Tail tail(FileChannel current) throws IOException {
        var tail = Tail.of(current);
        return tail.wholeBytes() == 0 ? tail.following(endOfFull()) : tail;
    }

    /** How the last full file ends. */
    private Tail endOfFull() throws IOException {
        var full = segments.full();
        if (full.isEmpty()) {
            return Tail.NONE;
        }
        try (var channel = FileChannel.open(full.lastEntry().getValue(), StandardOpenOption.READ)) {
            return Tail.of(channel);
        }
    }

    /** Where the log ends. */
    public AuditHead head() {
        return end().head(owner);
    }

    /** The lines that are whole now: what is added from now on comes after them. */
    public AuditLines lines() {
        try {
            return FileLocks.holding(lock, () -> {
                var end = readEnd();
                return new AuditLines(owner, segments, segments.next(), end.wholeBytes(), end.tornBytes());
            });
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    /** Finds the first line that is not as it was written, and a cut that {@code known}, an older head, tells of. */
    public AuditVerification verify(AuditHead known) {
        return AuditVerification.of(lines(), known);
    }

    private Tail end() {
        try {
            return FileLocks.holding(lock, this::readEnd);
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    private Tail readEnd() throws IOException {
        var file = segments.current();
        if (Files.notExists(file)) {
            return Tail.NONE.following(endOfFull());
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return tail(channel);
        }
    }

    private FedbiomedException failure(String what, IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                owner.name + " cannot " + what + " its audit log " + FILE + " ("
                        + e.getClass().getSimpleName()
                        + "), and does nothing that it cannot record; " + owner.person
                        + " looks at the free space and the permissions of its home",
                e);
    }
}
