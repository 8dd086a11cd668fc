package fedbiomed.protocol.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A signed message as it travels. Bytes, integers big-endian:
 *
 * <pre>
 * "FBM1"  | header length: int32 | header: JSON | body length: int32 | body: JSON | Ed25519 signature: 64 bytes
 * </pre>
 *
 * The signature is over all bytes before it, exactly as transmitted; nothing is ever serialised anew to be checked.
 *
 * @param header who, to whom, until when
 * @param body a {@link Message} as JSON
 * @param bytes the whole, as transmitted
 */
public record Envelope(Header header, byte[] body, byte[] bytes) {
    /** Largest envelope, in bytes: a training plan of 256 Ki characters, or the sums of a test, fit well. */
    public static final int MAX_BYTES = 4 << 20;
    /** Largest header, in bytes; ours have about 500. */
    private static final int MAX_HEADER_BYTES = 8 << 10;
    /** The protocol version that this party speaks. */
    public static final int VERSION = 1;

    private static final int MAGIC = 0x46424D31; // "FBM1"

    /**
     * @param version of the protocol; a greater one is refused
     * @param id SHA-256 of the body's bytes: for a request, its identity
     * @param sent milliseconds since the epoch, by the sender's clock
     * @param expires milliseconds since the epoch; later, the message is not acted upon
     * @param keys the sender's, so that a stranger's signature can be checked and its fingerprint shown
     * @param audit where the sender's audit log ended when it sent this; {@code null} of a party without one
     */
    public record Header(
            int version,
            PartyId from,
            PartyId to,
            String id,
            long sent,
            long expires,
            @JsonProperty("keys") PublicKeys keys,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            AuditHead audit) {}

    /** Signs {@code body} for {@code to}. @throws FedbiomedException if it is larger than {@link #MAX_BYTES} */
    public static Envelope seal(Identity sender, PartyId to, byte[] body, Instant sent, Instant expires) {
        return seal(sender, to, body, sent, expires, null);
    }

    /** As {@link #seal(Identity, PartyId, byte[], Instant, Instant)}, with the head of the sender's audit log. */
    public static Envelope seal(
            Identity sender, PartyId to, byte[] body, Instant sent, Instant expires, @Nullable AuditHead audit) {
        var header = new Header(
                VERSION,
                sender.party(),
                to,
                Sha256.of(body),
                sent.toEpochMilli(),
                expires.toEpochMilli(),
                sender.keys(),
                audit);
        var headerBytes = Json.bytes(header);
        long size = 12L + headerBytes.length + body.length + Identity.SIGNATURE_BYTES;
        if (size > MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message has " + size + " bytes; at most " + MAX_BYTES + " are sent. Shorten what it carries");
        }
        var buffer = ByteBuffer.allocate((int) size);
        buffer.putInt(MAGIC)
                .putInt(headerBytes.length)
                .put(headerBytes)
                .putInt(body.length)
                .put(body);
        var signed = Arrays.copyOf(buffer.array(), buffer.position());
        buffer.put(sender.sign(signed));
        return new Envelope(header, body, buffer.array());
    }

    /**
     * Reads and checks: bounds, header, id, signature. Who the sender is to us, and whether it has expired, is for the
     * caller to judge.
     *
     * @throws FedbiomedException {@code BAD_MESSAGE}, or {@code UNSUPPORTED} for a newer protocol version
     */
    public static Envelope open(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw bad("it has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        var buffer = ByteBuffer.wrap(bytes);
        if (buffer.remaining() < 8 || buffer.getInt() != MAGIC) {
            throw bad("it does not begin with FBM1");
        }
        var header = header(block(buffer, MAX_HEADER_BYTES));
        var body = block(buffer, MAX_BYTES);
        if (buffer.remaining() != Identity.SIGNATURE_BYTES) {
            throw bad("its signature has not " + Identity.SIGNATURE_BYTES + " bytes");
        }
        var signed = Arrays.copyOf(bytes, buffer.position());
        var signature = new byte[Identity.SIGNATURE_BYTES];
        buffer.get(signature);
        if (!header.id().equals(Sha256.of(body))) {
            throw bad("its id is not the SHA-256 of its body");
        }
        if (!Identity.verifies(header.keys(), signature, signed)) {
            throw bad("its signature does not verify");
        }
        return new Envelope(header, body, bytes);
    }

    private static Header header(byte[] json) {
        try {
            var version = Json.MAPPER.readTree(json).path("version").asInt(-1);
            if (version > VERSION) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the message is of protocol version " + version + "; this party speaks " + VERSION
                                + ". Upgrade it, or use an older program at the other side");
            }
            var header = Json.MAPPER.readValue(json, Header.class);
            if (header.version() != VERSION
                    || header.from() == null
                    || header.to() == null
                    || header.id() == null
                    || header.keys() == null) {
                throw bad("its header lacks a field");
            }
            return header;
        } catch (IOException | IllegalArgumentException e) {
            throw bad("its header is not readable");
        }
    }

    private static byte[] block(ByteBuffer buffer, int maxBytes) {
        if (buffer.remaining() < 4) {
            throw bad("it is cut short");
        }
        int length = buffer.getInt();
        if (length < 0 || length > maxBytes || length > buffer.remaining()) {
            throw bad("a length in it (" + length + ") is more than there is or may be");
        }
        var block = new byte[length];
        buffer.get(block);
        return block;
    }

    private static FedbiomedException bad(String why) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, "not a message of this protocol: " + why);
    }
}
