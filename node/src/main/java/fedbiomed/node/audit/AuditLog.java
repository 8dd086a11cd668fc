package fedbiomed.node.audit;

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
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Set;

/**
 * The node's audit log, {@code audit.jsonl} in its home. A line is on the disk before what it tells takes effect or is
 * answered. The running node and the data manager's commands write to it in turn: whoever holds the lock looks at the
 * last line, and goes on from it. What cannot be recorded is not done.
 */
public final class AuditLog {
    public static final String FILE = "audit.jsonl";

    private static final String LOCK = "audit.lock";

    private final Path home;
    private final Path file;
    private final Path lock;
    private final Clock clock;

    public AuditLog(Path home, Clock clock) {
        this.home = home;
        this.file = home.resolve(FILE);
        this.lock = home.resolve(LOCK);
        this.clock = clock;
    }

    /**
     * Adds a line; when this returns it survives a power cut.
     *
     * @return the log's new head
     * @throws FedbiomedException {@code INTERNAL} if the disk is full, or the log's last line is damaged
     */
    public AuditHead append(AuditEvent event) {
        try {
            return FileLocks.holding(lock, () -> {
                boolean isNew = Files.notExists(file);
                try (var channel = open()) {
                    var tail = Tail.of(channel);
                    var line = AuditLine.after(tail.head(), clock.instant(), event);
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
            });
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /** Where the log ends. */
    public AuditHead head() {
        return end().head();
    }

    /** The lines that are whole now: what is added from now on comes after them. */
    public AuditLines lines() {
        var end = end();
        return new AuditLines(file, end.wholeBytes(), end.tornBytes());
    }

    /** Finds the first line that is not as it was written, and a cut that {@code known}, an older head, tells of. */
    public AuditVerification verify(AuditHead known) {
        return AuditVerification.of(lines(), known);
    }

    private Tail end() {
        try {
            return FileLocks.holding(lock, () -> {
                if (Files.notExists(file)) {
                    return Tail.NONE;
                }
                try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                    return Tail.of(channel);
                }
            });
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    private FedbiomedException failure(String what, IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "the node cannot " + what + " its audit log " + FILE + " ("
                        + e.getClass().getSimpleName()
                        + "), and does nothing that it cannot record; its data manager looks at the free space and the"
                        + " permissions of the node's home",
                e);
    }
}
