package fedbiomed.protocol.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Envelope} seals, as bytes: the body's length (int32, big-endian), the body, and the rest as JSON.
 *
 * @param body a {@link Message} as JSON, whose SHA-256 is a request's id
 * @param enclosed the ways to the store's entries that the body names; not part of what makes the request
 * @param audit where the sender's audit log ended when it sent this; {@code null} of a party without one
 */
public record Letter(
        byte[] body, List<SealedRef> enclosed, @Nullable AuditHead audit) {
    /** More than a plan has attachments. */
    public static final int MAX_ENCLOSED = 1000;

    private record Beside(
            List<SealedRef> enclosed,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            AuditHead audit) {}

    public Letter {
        if (enclosed.size() > MAX_ENCLOSED) {
            throw new IllegalArgumentException("at most " + MAX_ENCLOSED + " entries go with a message");
        }
        enclosed = List.copyOf(enclosed);
    }

    public Letter(byte[] body) {
        this(body, List.of(), null);
    }

    /** The request's identity, if it is one. */
    public String id() {
        return Sha256.of(body);
    }

    byte[] bytes() {
        var beside = Json.bytes(new Beside(enclosed, audit));
        return ByteBuffer.allocate(Integer.BYTES + body.length + beside.length)
                .putInt(body.length)
                .put(body)
                .put(beside)
                .array();
    }

    /** @throws FedbiomedException {@code BAD_MESSAGE} */
    static Letter read(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        if (buffer.remaining() < Integer.BYTES) {
            throw bad();
        }
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
            throw bad();
        }
        var body = new byte[length];
        buffer.get(body);
        try {
            var beside = Json.MAPPER.readValue(bytes, buffer.position(), buffer.remaining(), Beside.class);
            if (beside == null || beside.enclosed() == null) {
                throw bad();
            }
            return new Letter(body, beside.enclosed(), beside.audit());
        } catch (IOException | IllegalArgumentException | NullPointerException _) {
            // a null in the list, too
            throw bad();
        }
    }

    private static FedbiomedException bad() {
        return new FedbiomedException(
                ErrorCode.BAD_MESSAGE, "not a message of this protocol: what is sealed in it is not readable");
    }
}
