package fedbiomed.network.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A request's body that has to come at a rate: who sends it byte by byte would hold an upload open for good. The time in
 * which the Network itself does something else does not count, as it does in Jetty's own check, which a body of ten bytes
 * fails when the machine pauses for 40 ms.
 */
final class PacedBody extends FilterInputStream {
    /** A client slower than this is no party's upload: the slowest hospital line has a hundred times as much. */
    private static final long MIN_BYTES_PER_SECOND = 256;
    /** A line may stand still for a while, and a short body is not judged by its first byte. */
    static final Duration GRACE = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private long waitedNanos = -GRACE.toNanos();
    private long received;

    PacedBody(InputStream body) {
        this(body, System::nanoTime);
    }

    PacedBody(InputStream body, LongSupplier nanos) {
        super(body);
        this.nanos = nanos;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    /** @throws StoreRefusal {@code TOO_SLOW} */
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long began = nanos.getAsLong();
        int n = in.read(buffer, offset, length);
        waitedNanos += nanos.getAsLong() - began;
        if (n < 0) {
            return n;
        }
        received += n;
        if (received < waitedNanos / 1_000_000_000 * MIN_BYTES_PER_SECOND) {
            throw new StoreRefusal(
                    StoreRefusal.Reason.TOO_SLOW,
                    "the request's body comes at less than " + MIN_BYTES_PER_SECOND + " bytes a second",
                    "go on where the upload stands (HEAD says Upload-Offset), over a better line");
        }
        return n;
    }
}
