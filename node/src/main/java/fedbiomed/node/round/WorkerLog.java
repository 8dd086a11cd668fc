package fedbiomed.node.round;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Set;

/**
 * What one worker prints, and why its jobs failed: for the data manager alone, since it may hold data. Bounded; the
 * oldest logs go. Control characters become {@code ?}: whoever looks at a log in a terminal must not have a plan steer
 * the terminal.
 */
final class WorkerLog implements AutoCloseable {
    private static final long MAX_BYTES = 1 << 20;
    private static final int KEPT_FILES = 20;
    private static final int BUFFER_BYTES = 8192;

    private final FileChannel channel;
    private final Clock clock;
    private long written;
    private boolean afterC2;

    private WorkerLog(FileChannel channel, Clock clock) {
        this.channel = channel;
        this.clock = clock;
    }

    static WorkerLog create(Path folder, String name, Clock clock) {
        try {
            removeOldest(folder);
            return new WorkerLog(
                    FileChannel.open(
                            folder.resolve(name + ".log"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                    clock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a worker's log in " + folder, e);
        }
    }

    private static void removeOldest(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            var newestFirst = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted(Comparator.comparing((Path file) -> file.toFile().lastModified())
                            .reversed())
                    .toList();
            for (var old : newestFirst.subList(Math.min(newestFirst.size(), KEPT_FILES - 1), newestFirst.size())) {
                Files.deleteIfExists(old);
            }
        }
    }

    void line(String text) {
        append((clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Copies until the stream ends; what is beyond the bound is read and dropped, so that the writer never blocks. */
    void copy(InputStream stream) {
        var buffer = new byte[BUFFER_BYTES];
        try (stream) {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                append(java.util.Arrays.copyOf(buffer, n));
            }
        } catch (IOException _) {
            // the worker was killed
        }
    }

    /** Makes control characters harmless in place; in UTF-8 those beyond ASCII are C2 80 to C2 9F. */
    private void disarm(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xFF;
            boolean control = b < 0x20 && b != '\n' && b != '\t' || b == 0x7F || afterC2 && b >= 0x80 && b < 0xA0;
            if (control) {
                bytes[i] = '?';
            }
            afterC2 = b == 0xC2;
        }
    }

    private synchronized void append(byte[] bytes) {
        if (written >= MAX_BYTES || !channel.isOpen()) {
            return;
        }
        written += bytes.length;
        disarm(bytes);
        try {
            var buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException _) {
            // a log that cannot be written (a full disk) stops no training
        }
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // nothing is lost by it
        }
    }
}
