package fedbiomed.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The text within a gzip file (RFC 1952), one member after the other, as in bgzf (the SAM specification, section 4.1).
 * The JDK's stream takes a damaged header of a further member for the file's end, and so loses what follows without a
 * word; here that is an error, as is a bgzf file without its end-of-file block.
 */
final class GzipMembers extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xE0;
    private static final String COPY_AGAIN = "; copy the file again, or compress it anew";

    private final FileProblem problem;
    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int limit;
    private long bytesBefore;
    private boolean inMember;
    private boolean blocked;
    private long memberBytes;
    private long members;

    GzipMembers(FileProblem problem, InputStream in) {
        this.problem = problem;
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (length > 0) {
            if (!inMember && !begin()) {
                return -1;
            }
            int n = inflate(into, offset, length);
            if (n > 0) {
                checksum.update(into, offset, n);
                memberBytes += n;
                return n;
            }
            if (inflater.finished()) {
                end();
            } else if (inflater.needsInput()) {
                feed();
            } else {
                throw damaged();
            }
        }
        return 0;
    }

    private int inflate(byte[] into, int offset, int length) {
        try {
            return inflater.inflate(into, offset, length);
        } catch (DataFormatException _) {
            throw damaged();
        }
    }

    private void feed() throws IOException {
        if (next == limit && !fill()) {
            throw cut();
        }
        inflater.setInput(buffer, next, limit - next);
        next = limit;
    }

    /** Reads a member's header; false at the file's end. */
    private boolean begin() throws IOException {
        if (next == limit && !fill()) {
            if (blocked && memberBytes != 0) {
                throw problem.at(place(), "its end-of-file block (bgzf) is missing, so it was cut short" + COPY_AGAIN);
            }
            return false;
        }
        if (one() != 0x1F || one() != 0x8B || one() != 8) {
            throw problem.at(
                    place(),
                    members == 0 ? "it is not gzip" : "what follows is not gzip: the file is damaged" + COPY_AGAIN);
        }
        int flags = one();
        if ((flags & RESERVED) != 0) {
            throw damaged();
        }
        skip(6);
        if ((flags & HAS_EXTRA) != 0) {
            extra();
        }
        if ((flags & HAS_NAME) != 0) {
            skipText();
        }
        if ((flags & HAS_COMMENT) != 0) {
            skipText();
        }
        if ((flags & HAS_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
        memberBytes = 0;
        members++;
        inMember = true;
        return true;
    }

    private void extra() throws IOException {
        int length = one() | one() << 8;
        int first = length >= 2 ? one() : 0;
        int second = length >= 2 ? one() : 0;
        blocked |= members == 0 && first == 'B' && second == 'C';
        skip(length >= 2 ? length - 2 : length);
    }

    private void end() throws IOException {
        next = limit - inflater.getRemaining();
        long crc = four();
        long size = four();
        if (crc != checksum.getValue() || size != (memberBytes & 0xFFFF_FFFFL)) {
            throw damaged();
        }
        inMember = false;
    }

    private long four() throws IOException {
        return one() | (long) one() << 8 | (long) one() << 16 | (long) one() << 24;
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            one();
        }
    }

    private void skipText() throws IOException {
        while (one() != 0) {
            // the original file's name, or a comment
        }
    }

    private int one() throws IOException {
        if (next == limit && !fill()) {
            throw cut();
        }
        return buffer[next++] & 0xFF;
    }

    private boolean fill() throws IOException {
        bytesBefore += limit;
        next = 0;
        limit = Math.max(0, in.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    private String place() {
        return "compressed byte " + (bytesBefore + next);
    }

    private RuntimeException cut() {
        return problem.at(place(), "the compressed file ends in the middle: it was cut short" + COPY_AGAIN);
    }

    private RuntimeException damaged() {
        return problem.at("before " + place(), "the compressed data are damaged" + COPY_AGAIN);
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
