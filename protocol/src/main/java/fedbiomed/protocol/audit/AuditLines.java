package fedbiomed.protocol.audit;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** The lines that a log had at one moment, read one by one: however long it is, it does not fill the memory. */
public final class AuditLines {
    private final AuditOwner owner;
    private final Segments segments;
    private final int number;
    private final long bytes;
    private final long tornBytes;

    /** What is done with each line until it says that that is enough. */
    interface Reader {
        /** @return whether to go on */
        boolean line(long number, String text);
    }

    /** What is done with each line that is as it was written. */
    public interface Visitor {
        void line(AuditLine line) throws IOException;
    }

    /**
     * @param number what the last file will be called when it is full, which it may be before it is read
     * @param bytes of whole lines in the last file
     */
    AuditLines(AuditOwner owner, Segments segments, int number, long bytes, long tornBytes) {
        this.owner = owner;
        this.segments = segments;
        this.number = number;
        this.bytes = bytes;
        this.tornBytes = tornBytes;
    }

    /** Bytes behind the last line: of one that a killed process did not finish. */
    public long tornBytes() {
        return tornBytes;
    }

    void read(Reader reader) {
        try {
            long lines = 0;
            for (var file : segments.full().headMap(number).values()) {
                try (var in = Files.newInputStream(file)) {
                    lines = read(in, Files.size(file), lines, reader);
                }
                if (lines < 0) {
                    return;
                }
            }
            if (bytes > 0) {
                try (var in = openLast()) {
                    read(in, bytes, lines, reader);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the audit log of " + segments.home(), e);
        }
    }

    private InputStream openLast() throws IOException {
        var full = segments.numbered(number);
        if (Files.notExists(full)) {
            var in = Files.newInputStream(segments.current());
            if (Files.notExists(full)) {
                return in;
            }
            in.close();
        }
        return Files.newInputStream(full);
    }

    /** @return the number of the last line that was read; -1 where that was enough */
    private static long read(InputStream file, long bytes, long before, Reader reader) throws IOException {
        var in = new BufferedInputStream(file, 1 << 16);
        long number = before;
        for (long left = bytes; left > 0; ) {
            var text = new ByteArrayOutputStream();
            left -= line(in, left, text);
            number++;
            if (!reader.line(number, text.toString(StandardCharsets.UTF_8))) {
                return -1;
            }
        }
        return number;
    }

    /** What is longer than a line may be is cut: it is none. @return bytes that were read */
    private static long line(InputStream in, long most, ByteArrayOutputStream text) throws IOException {
        long read = 0;
        while (read < most) {
            int next = in.read();
            read++;
            if (next < 0 || next == '\n') {
                break;
            }
            if (text.size() < AuditLine.MAX_BYTES) {
                text.write(next);
            }
        }
        return read;
    }

    /**
     * All lines in order. Whether they follow each other is for {@link AuditLog#verify} to say.
     *
     * @throws FedbiomedException at the first that is not as it was written
     */
    public void forEach(Visitor visitor) {
        read((number, text) -> {
            try {
                visitor.line(AuditLine.parse(text));
                return true;
            } catch (IllegalArgumentException e) {
                throw new FedbiomedException(
                        ErrorCode.INTERNAL,
                        "line " + number + " of the audit log cannot be read: " + e.getMessage() + "; see '"
                                + owner.command + " audit verify'",
                        e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** @return whether a line of that sequence stands after the {@code after}th */
    boolean holdsLater(long after, long sequence) {
        var search = new Search();
        read((number, text) -> {
            var line = number > after ? whole(text) : null;
            search.found = line != null && line.sequence() == sequence;
            return !search.found;
        });
        return search.found;
    }

    private static final class Search {
        private boolean found;
    }

    private static @Nullable AuditLine whole(String text) {
        try {
            return AuditLine.parse(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
