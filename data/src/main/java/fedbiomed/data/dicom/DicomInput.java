package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Reads a file forwards in small pieces, little-endian, and passes over the rest; never past its end. */
final class DicomInput {
    private static final int BUFFER_BYTES = 8192;

    private final VolumeProblem problem;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    /** Where the buffer's first byte is in the file. */
    private long bufferAt;

    DicomInput(VolumeProblem problem, FileChannel channel) throws IOException {
        this.problem = problem;
        this.channel = channel;
        this.size = channel.size();
    }

    VolumeProblem problem() {
        return problem;
    }

    long position() {
        return bufferAt + buffer.position();
    }

    long remaining() {
        return size - position();
    }

    int u16() throws IOException {
        return need(2).getShort() & 0xFFFF;
    }

    /** The next {@link #u16}, which stays the next. */
    int peekU16() throws IOException {
        var next = need(2);
        return next.getShort(next.position()) & 0xFFFF;
    }

    long u32() throws IOException {
        return need(4).getInt() & 0xFFFFFFFFL;
    }

    /** @param count at most 8,192 */
    byte[] bytes(int count) throws IOException {
        var bytes = new byte[count];
        need(count).get(bytes);
        return bytes;
    }

    void skip(long count) {
        if (count > remaining()) {
            throw endsEarly();
        }
        if (count <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) count);
        } else {
            bufferAt = position() + count;
            buffer.limit(0);
        }
    }

    private ByteBuffer need(int count) throws IOException {
        if (buffer.remaining() < count) {
            if (count > remaining()) {
                throw endsEarly();
            }
            bufferAt += buffer.position();
            buffer.compact();
            while (buffer.position() < count) {
                if (channel.read(buffer, bufferAt + buffer.position()) < 0) {
                    throw endsEarly();
                }
            }
            buffer.flip();
        }
        return buffer;
    }

    private RuntimeException endsEarly() {
        return problem.of("it ends at byte " + size + " within a data element that starts before byte " + position()
                + "; copy it again from where it came");
    }
}
