package fedbiomed.data.tabular;

import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * A file's text as a stream, checked on the way: it is UTF-8 (a byte order mark is dropped), has no NUL, no endless
 * line and no quote left open. Line ends become {@code \n}. Hashes the bytes that pass.
 */
final class CsvText extends Reader {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int BUFFER_BYTES = 1 << 16;

    private final CsvProblem problem;
    private final InputStream in;
    private final MessageDigest digest = Sha256.digest();
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER_BYTES).flip();
    private final LineScan scan;
    private boolean started;
    private boolean ended;

    private CsvText(CsvProblem problem, InputStream in, char separator) {
        this.problem = problem;
        this.in = in;
        this.scan = new LineScan(problem, separator);
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException if it is not a regular file that can be read */
    static CsvText open(Path file, char separator) {
        return new CsvText(new CsvProblem(file), bytes(file), separator);
    }

    /** The file's bytes, unbuffered. */
    static InputStream bytes(Path file) {
        var problem = new CsvProblem(file);
        if (Files.isDirectory(file)) {
            throw problem.of("it is a folder; name the CSV file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw problem.of("it is not a regular file (a device or a pipe?); name a CSV file");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException _) {
            throw problem.missing();
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    @Override
    public int read(char[] target, int offset, int length) {
        while (!chars.hasRemaining() && !ended) {
            fill();
        }
        if (!chars.hasRemaining()) {
            return length == 0 ? 0 : -1;
        }
        int n = Math.min(length, chars.remaining());
        chars.get(target, offset, n);
        return n;
    }

    private void fill() {
        readBytes();
        chars.clear();
        var result = decoder.decode(bytes, chars, ended);
        if (ended && result.isUnderflow()) {
            decoder.flush(chars);
        }
        ended = ended && !bytes.hasRemaining();
        chars.flip();
        dropByteOrderMark();
        chars.limit(scan.over(chars.array(), chars.position(), chars.limit()));
        checkDecoded(result);
        if (ended) {
            scan.end();
        }
    }

    private void readBytes() {
        bytes.compact();
        try {
            int n = in.read(bytes.array(), bytes.position(), bytes.remaining());
            if (n > 0) {
                digest.update(bytes.array(), bytes.position(), n);
                bytes.position(bytes.position() + n);
            }
            ended = n < 0;
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
        bytes.flip();
    }

    private void dropByteOrderMark() {
        if (!started && chars.hasRemaining()) {
            started = true;
            if (chars.get(chars.position()) == BYTE_ORDER_MARK) {
                chars.get();
            }
        }
    }

    private void checkDecoded(CoderResult result) {
        if (result.isError()) {
            throw problem.atLine(
                    scan.line(),
                    "it is not UTF-8 text (Latin-1 or Windows-1252, perhaps); save the file again as UTF-8"
                            + " (in a spreadsheet: as \"CSV UTF-8\")");
        }
    }

    /** SHA-256 of the file's bytes, once all is read. */
    String fingerprint() {
        return Sha256.hex(digest.digest());
    }

    LineScan scan() {
        return scan;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
