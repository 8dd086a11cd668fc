package fedbiomed.protocol.message;

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
import java.util.Optional;
import java.util.UUID;

/**
 * A sealed and signed message as it travels. Bytes, integers big-endian:
 *
 * <pre>
 * "FBM1"  | header length: int32 | header: JSON | sealed length: int32 | sealed | Ed25519 signature: 64 bytes
 * </pre>
 *
 * Sealed is a {@link Letter} by HPKE (RFC 9180; see {@link Identity#seal}) for the recipient's key, with the header's
 * bytes as {@code info}: another header, and it does not open. The signature is over all bytes before it. Both are
 * over bytes exactly as transmitted; nothing is ever serialised anew to be checked. Who carries it learns who writes to
 * whom, when and how much.
 *
 * @param header who, to whom, until when
 * @param bytes the whole, as transmitted
 */
public record Envelope(Header header, Letter letter, byte[] bytes) {
    /** Largest envelope, in bytes: a training plan of 256 Ki characters, or the sums of a test, fit well. */
    public static final int MAX_BYTES = 4 << 20;
    /** Largest header, in bytes; ours have about 500. */
    private static final int MAX_HEADER_BYTES = 8 << 10;
    /** The protocol version that this party speaks. */
    public static final int VERSION = 1;

    private static final int MAGIC = 0x46424D31; // "FBM1"

    /**
     * @param version of the protocol; a greater one is refused
     * @param message names the message where it cannot be opened: random, so that it tells nothing of its content; a
     *     question that is sent again has the same
     * @param sent milliseconds since the epoch, by the sender's clock
     * @param expires milliseconds since the epoch; later, the message is not acted upon
     * @param keys the sender's, so that a stranger's signature can be checked and its fingerprint shown
     */
    public record Header(
            int version,
            PartyId from,
            PartyId to,
            String message,
            long sent,
            long expires,
            @JsonProperty("keys") PublicKeys keys) {}

    /** Whom a message is sealed for. */
    public record Recipient(PartyId party, PublicKeys keys) {}

    /** A name for a message. */
    public static String newName() {
        return Sha256.of(UUID.randomUUID().toString());
    }

    /** The SHA-256 of the body: a request's id. */
    public String id() {
        return letter.id();
    }

    public byte[] body() {
        return letter.body();
    }

    /**
     * Seals {@code letter} for {@code to}, and signs.
     *
     * @param message as {@link #newName} gives it
     * @throws FedbiomedException if it is larger than {@link #MAX_BYTES}
     */
    public static Envelope seal(
            Identity sender, Recipient to, String message, Letter letter, Instant sent, Instant expires) {
        var header = new Header(
                VERSION,
                sender.party(),
                to.party(),
                message,
                sent.toEpochMilli(),
                expires.toEpochMilli(),
                sender.keys());
        var headerBytes = Json.bytes(header);
        var plain = letter.bytes();
        long size = 12L + headerBytes.length + plain.length + Identity.SEALING_BYTES + Identity.SIGNATURE_BYTES;
        if (size > MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message has " + size + " bytes; at most " + MAX_BYTES + " are sent. Shorten what it carries");
        }
        var sealed = Identity.seal(to.keys(), plain, headerBytes);
        var buffer = ByteBuffer.allocate((int) size);
        buffer.putInt(MAGIC)
                .putInt(headerBytes.length)
                .put(headerBytes)
                .putInt(sealed.length)
                .put(sealed);
        var signed = Arrays.copyOf(buffer.array(), buffer.position());
        buffer.put(sender.sign(signed));
        return new Envelope(header, letter, buffer.array());
    }

    /**
     * Reads and checks: bounds, header, signature, address, seal. Who the sender is to us, and whether it has expired, is
     * for the caller to judge.
     *
     * @throws FedbiomedException {@code BAD_MESSAGE}, or {@code UNSUPPORTED} for a newer protocol version
     */
    public static Envelope open(byte[] bytes, Identity recipient) {
        if (bytes.length > MAX_BYTES) {
            throw bad("it has " + bytes.length + " bytes, more than " + MAX_BYTES);
        }
        var buffer = ByteBuffer.wrap(bytes);
        var headerBytes = headerBytes(buffer);
        var header = header(headerBytes);
        var sealed = block(buffer, MAX_BYTES);
        if (buffer.remaining() != Identity.SIGNATURE_BYTES) {
            throw bad("its signature has not " + Identity.SIGNATURE_BYTES + " bytes");
        }
        var signed = Arrays.copyOf(bytes, buffer.position());
        var signature = new byte[Identity.SIGNATURE_BYTES];
        buffer.get(signature);
        if (!Identity.verifies(header.keys(), signature, signed)) {
            throw bad("its signature does not verify");
        }
        if (!header.to().equals(recipient.party())) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message is addressed to " + header.to() + ", not to " + recipient.party());
        }
        var plain = recipient.open(sealed, headerBytes);
        if (plain.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message cannot be opened with the keys of " + recipient.party()
                            + ": it was sealed for other keys than "
                            + recipient.keys().fingerprint()
                            + ", or changed on its way. If these keys were made anew, its sender confirms them first");
        }
        return new Envelope(header, Letter.read(plain.get()), bytes);
    }

    /** The keys that {@code bytes} claim for their sender, whether or not they can be opened; empty if there are none. */
    public static Optional<PublicKeys> claimedKeys(byte[] bytes) {
        try {
            var json = Json.MAPPER.readTree(headerBytes(ByteBuffer.wrap(bytes)));
            return Optional.ofNullable(Json.MAPPER.treeToValue(json.path("keys"), PublicKeys.class));
        } catch (IOException | IllegalArgumentException | FedbiomedException _) {
            return Optional.empty();
        }
    }

    private static byte[] headerBytes(ByteBuffer buffer) {
        if (buffer.remaining() < 8 || buffer.getInt() != MAGIC) {
            throw bad("it does not begin with FBM1");
        }
        return block(buffer, MAX_HEADER_BYTES);
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
                    || header.message() == null
                    || !Sha256.isHash(header.message())
                    || header.keys() == null) {
                throw bad("its header lacks a field, or holds a wrong one");
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
