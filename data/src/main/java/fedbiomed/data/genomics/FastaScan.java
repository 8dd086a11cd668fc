package fedbiomed.data.genomics;

import fedbiomed.data.file.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** FASTA text letter by letter: a sequence may be one line of 250 million letters, so that no line is held. */
final class FastaScan implements AutoCloseable {
    /** Headers with a whole annotation are some thousand. */
    static final int MAX_HEADER_BYTES = 1 << 16;
    /** The longest chromosomes known have some billion bases; a bomb would have more. */
    static final long MAX_BASES = 1L << 34;

    private static final int BUFFER_BYTES = 1 << 16;

    private final FileProblem problem;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;
    private long position;
    private long line = 1;
    private boolean lineStart = true;

    /** What is done with each letter. */
    interface Sink {
        /** @return whether more of the sequence is wanted */
        boolean base(int code);
    }

    FastaScan(FileProblem problem, InputStream in) {
        this.problem = problem;
        this.in = in;
    }

    /** The name of the next sequence, which then is read by {@link #sequence}; empty at the end of the file. */
    String header() {
        int c = one();
        while (lineStart && (c == '\n' || c == '\r')) {
            line += c == '\n' ? 1 : 0;
            c = one();
        }
        if (c < 0) {
            return "";
        }
        if (c != '>') {
            throw problem.atLine(line, "a sequence begins with a line of > and its name; is it a FASTA file?");
        }
        var bytes = new byte[256];
        int length = 0;
        for (c = one(); c >= 0 && c != '\n'; c = one()) {
            if (length == MAX_HEADER_BYTES) {
                throw problem.atLine(
                        line, "the sequence's name has more than " + MAX_HEADER_BYTES + " bytes; shorten it");
            }
            bytes = length == bytes.length ? Arrays.copyOf(bytes, 2 * length) : bytes;
            bytes[length++] = (byte) c;
        }
        var name = name(bytes, length);
        line++;
        lineStart = true;
        return name;
    }

    /** Up to the first blank. */
    private String name(byte[] bytes, int length) {
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString()
                    .strip();
            int end = 0;
            while (end < text.length() && text.charAt(end) > ' ') {
                end++;
            }
            if (end == 0) {
                throw problem.atLine(line, "the sequence has no name after the >; name it");
            }
            return text.substring(0, end);
        } catch (CharacterCodingException _) {
            throw problem.atLine(line, "the name is not UTF-8 text (Latin-1, perhaps); save the file again as UTF-8");
        }
    }

    /**
     * Reads letters up to the next header, or until the sink has enough.
     *
     * @return how many there were
     */
    long sequence(Sink sink) {
        long bases = 0;
        while (true) {
            int c = one();
            if (c < 0 || lineStart && c == '>') {
                back(c);
                return bases;
            }
            lineStart = c == '\n';
            line += lineStart ? 1 : 0;
            if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
                continue;
            }
            int code = Bases.code(c);
            if (code == Bases.NO_BASE) {
                throw problem.atLine(
                        line,
                        "it has a character that stands for no base (is it a protein?); DNA and RNA are read, by IUPAC's"
                                + " letters");
            }
            if (++bases > MAX_BASES) {
                throw problem.atLine(line, "the sequence has more than " + MAX_BASES + " bases; split it");
            }
            if (!sink.base(code)) {
                return bases;
            }
        }
    }

    private void back(int c) {
        if (c >= 0) {
            next--;
            position--;
        }
    }

    private int one() {
        if (next == limit) {
            try {
                next = 0;
                limit = Math.max(0, in.read(buffer, 0, buffer.length));
            } catch (IOException e) {
                throw problem.unreadable(e);
            }
            if (limit == 0) {
                return -1;
            }
        }
        position++;
        return buffer[next++] & 0xFF;
    }

    /** How many bytes of the text were read. */
    long position() {
        return position;
    }

    long line() {
        return line;
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
