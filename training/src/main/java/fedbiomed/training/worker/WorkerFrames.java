package fedbiomed.training.worker;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How parent and worker talk: each message is its length (4 bytes, big-endian) and that many bytes of JSON. */
public final class WorkerFrames {
    /** Longest message, in bytes: test results with many classes are the longest that we send. */
    public static final int MAX_BYTES = 16 << 20;

    private WorkerFrames() {}

    /** Writes and flushes. @throws FedbiomedException {@code INTERNAL} if the message is longer than {@link #MAX_BYTES} */
    public static void write(OutputStream out, Object message) throws IOException {
        var json = Json.bytes(message);
        if (json.length > MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "a message between node and worker has " + json.length + " bytes; at most " + MAX_BYTES
                            + " are allowed: declare fewer classes or inputs");
        }
        var frame = ByteBuffer.allocate(Integer.BYTES + json.length)
                .putInt(json.length)
                .put(json)
                .array();
        out.write(frame);
        out.flush();
    }

    /**
     * The next message; {@code null} where the stream ends between messages.
     *
     * @throws EOFException where it ends within one
     * @throws FedbiomedException {@code BAD_MESSAGE} if the length is not believable or the JSON is no {@code type}
     */
    public static <T> @Nullable T read(InputStream in, Class<T> type) throws IOException {
        var prefix = in.readNBytes(Integer.BYTES);
        if (prefix.length == 0) {
            return null;
        }
        if (prefix.length < Integer.BYTES) {
            throw new EOFException("the stream ended within a message's length");
        }
        int length = ByteBuffer.wrap(prefix).getInt();
        if (length < 1 || length > MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "a message between node and worker claims " + Integer.toUnsignedString(length) + " bytes; 1 to "
                            + MAX_BYTES + " are allowed: end the worker and start another");
        }
        var json = in.readNBytes(length);
        if (json.length < length) {
            throw new EOFException("the stream ended within a message: " + json.length + " of " + length + " bytes");
        }
        try {
            var message = Json.MAPPER.readValue(json, type);
            if (message != null) {
                return message;
            }
        } catch (IOException e) {
            throw unreadable(type, e);
        }
        throw unreadable(type, new IOException("null"));
    }

    private static FedbiomedException unreadable(Class<?> type, IOException cause) {
        return new FedbiomedException(
                ErrorCode.BAD_MESSAGE,
                "a message between node and worker is no " + type.getSimpleName()
                        + "; end the worker and start another of the same version",
                cause);
    }
}
