package fedbiomed.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text file line by line, as bytes: lines end with {@code \n} or {@code \r\n}; a byte order mark is dropped; gzip
 * and bgzf are known by their first bytes. A line is bounded, whatever the file unpacks to, and may hold no NUL. What is
 * asked for as text must be UTF-8.
 */
public final class ByteLines implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final FileProblem problem;
    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;
    private byte[] bytes = new byte[256];
    private int length;
    private long line;

    private ByteLines(FileProblem problem, InputStream in, int maxLineBytes) {
        this.problem = problem;
        this.in = in;
        this.maxLineBytes = maxLineBytes;
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link Unpacked#open} */
    public static ByteLines open(Path file, int maxLineBytes) {
        return new ByteLines(new FileProblem(file), Unpacked.open(file), maxLineBytes);
    }

    public FileProblem problem() {
        return problem;
    }

    /**
     * Moves to the next line.
     *
     * @return false at the end
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if the line is too long or holds a NUL, or if the
     *     file is damaged
     */
    public boolean next() {
        length = 0;
        boolean begun = false;
        while (next < limit || fill()) {
            begun = true;
            int end = next;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            append(end);
            if (end < limit) {
                next = end + 1;
                break;
            }
            next = limit;
        }
        if (!begun) {
            return false;
        }
        line++;
        if (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        if (line == 1 && length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3)) {
            System.arraycopy(bytes, 3, bytes, 0, length - 3);
            length -= 3;
        }
        return true;
    }

    private void append(int end) {
        int n = end - next;
        if (n > maxLineBytes - length) {
            throw problem.atLine(
                    line + 1,
                    "the line has more than " + maxLineBytes
                            + " bytes; is the file of another format, or are its line ends missing?");
        }
        for (int i = next; i < end; i++) {
            if (buffer[i] == 0) {
                throw problem.atLine(
                        line + 1, "it holds a NUL; it may be UTF-16 or not a text file: save it as text in UTF-8");
            }
        }
        if (length + n > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + n, Math.min(maxLineBytes, bytes.length * 2)));
        }
        System.arraycopy(buffer, next, bytes, length, n);
        length += n;
    }

    private boolean fill() {
        try {
            next = 0;
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            return limit > 0;
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    /** The line's bytes, from 0 to {@link #length}; overwritten by the next line. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** The line's number, from 1. */
    public long line() {
        return line;
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if it is not UTF-8 */
    public String text(int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException _) {
            throw problem.atLine(
                    line, "it is not UTF-8 text (Latin-1 or Windows-1252, perhaps); save the file again as UTF-8");
        }
    }

    /** The whole line, as {@link #text(int, int)}. */
    public String text() {
        return text(0, length);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }
}
