package fedbiomed.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvelopeTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final PartyId NODE = PartyId.of("hospital-a");

    private static final String NAME = "ab".repeat(32);
    private static final SealedRef ENCLOSED = new SealedRef(
            new ParametersRef(Sha256.of("model"), 5),
            Sha256.of("sealed"),
            Base64.getEncoder().encodeToString(new byte[32]));

    @TempDir
    Path home;

    private Identity researcher;
    private Identity node;

    @BeforeEach
    void keys() throws IOException {
        researcher = identity("alice");
        node = identity(NODE.value());
    }

    private Identity identity(String name) throws IOException {
        return Identity.create(PartyId.of(name), Files.createTempDirectory(home, name));
    }

    private static Envelope.Recipient recipient(Identity identity) {
        return new Envelope.Recipient(identity.party(), identity.keys());
    }

    private Envelope search() {
        return search(recipient(node));
    }

    private Envelope search(Envelope.Recipient to) {
        var body = MessageCodec.encode(new Request.Search(new TreeSet<>(List.of("heart")), "n1"));
        return Envelope.seal(
                researcher,
                to,
                NAME,
                new Letter(body, List.of(ENCLOSED), new AuditHead(3, Sha256.of("line"))),
                NOW,
                NOW.plusSeconds(60));
    }

    private FedbiomedException refused(byte[] bytes) {
        var caught = catchThrowableOfType(FedbiomedException.class, () -> Envelope.open(bytes, node));
        assertThat(caught).isNotNull();
        return caught;
    }

    private static byte[] headerOf(byte[] envelope) {
        int length = ByteBuffer.wrap(envelope).getInt(4);
        return Arrays.copyOfRange(envelope, 8, 8 + length);
    }

    private static byte[] sealedOf(byte[] envelope) {
        int at = 8 + ByteBuffer.wrap(envelope).getInt(4);
        return Arrays.copyOfRange(envelope, at + 4, envelope.length - Identity.SIGNATURE_BYTES);
    }

    /** As a party that has no business with it would put it together, with its own signature. */
    private static byte[] signedBy(Identity sender, byte[] header, byte[] sealed) {
        var unsigned = ByteBuffer.allocate(12 + header.length + sealed.length)
                .put("FBM1".getBytes(StandardCharsets.US_ASCII))
                .putInt(header.length)
                .put(header)
                .putInt(sealed.length)
                .put(sealed)
                .array();
        return ByteBuffer.allocate(unsigned.length + Identity.SIGNATURE_BYTES)
                .put(unsigned)
                .put(sender.sign(unsigned))
                .array();
    }

    @Test
    void whoCarriesItReadsNothingOfItAndNeitherDoesAnother() throws IOException {
        var bytes = search().bytes();
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertThat(text)
                .doesNotContain("heart")
                .doesNotContain("search_request")
                .doesNotContain(search().id())
                .doesNotContain(ENCLOSED.entry());
        var other = identity(NODE.value());
        assertThatThrownBy(() -> Envelope.open(bytes, other))
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining(other.keys().fingerprint().value());
    }

    @Test
    void twiceTheSameIsNotTwiceTheSameBytes() {
        assertThat(sealedOf(search().bytes())).isNotEqualTo(sealedOf(search().bytes()));
    }

    /** The Network has certificates for any name: what it signs itself is another sender's, and does not open. */
    @Test
    void aSealedTextUnderAnotherHeaderDoesNotOpen() throws IOException {
        var bytes = search().bytes();
        var thief = identity("alice");
        var asHerOwn = new String(headerOf(bytes), StandardCharsets.UTF_8)
                .replace(researcher.keys().signing(), thief.keys().signing())
                .replace(researcher.keys().sealing(), thief.keys().sealing());
        assertThat(refused(signedBy(thief, asHerOwn.getBytes(StandardCharsets.UTF_8), sealedOf(bytes)))
                        .text())
                .contains("cannot be opened");
        var longer = new String(headerOf(bytes), StandardCharsets.UTF_8)
                .replace(
                        "" + NOW.plusSeconds(60).toEpochMilli(),
                        "" + NOW.plusSeconds(99).toEpochMilli());
        assertThat(refused(signedBy(researcher, longer.getBytes(StandardCharsets.UTF_8), sealedOf(bytes)))
                        .text())
                .contains("cannot be opened");
        // as it was, it does
        assertThat(Envelope.open(signedBy(researcher, headerOf(bytes), sealedOf(bytes)), node)
                        .header())
                .isEqualTo(search().header());
    }

    @Test
    void aMessageForAnotherNodeIsRefused() throws IOException {
        var other = identity("hospital-b");
        var bytes = search(recipient(other)).bytes();
        assertThat(refused(bytes).text()).contains("addressed to hospital-b");
        // re-addressed by one who can sign for the sender's name only with other keys
        var readdressed = new String(headerOf(bytes), StandardCharsets.UTF_8).replace("hospital-b", NODE.value());
        assertThat(refused(ByteBuffer.allocate(bytes.length
                                        - "hospital-b".length()
                                        + NODE.value().length())
                                .put(signedBy(
                                        identity("alice"),
                                        readdressed.getBytes(StandardCharsets.UTF_8),
                                        sealedOf(bytes)))
                                .array())
                        .text())
                .contains("signature");
    }

    @Test
    void whatIsSealedButNoLetterIsRefused() {
        for (var content : List.of("", "\0\0\0\u0001", "\0\0\0\1x", "\0\0\0\1x{}", "\0\0\0\1x{\"enclosed\":[null]}")) {
            var header = headerOf(search().bytes());
            var sealed = Identity.seal(node.keys(), content.getBytes(StandardCharsets.ISO_8859_1), header);
            assertThat(refused(signedBy(researcher, header, sealed)).text()).contains("not readable");
        }
    }

    @Test
    void whatWasSignedIsReadBack() {
        var sent = search();
        var got = Envelope.open(sent.bytes(), node);
        assertThat(got.header()).isEqualTo(sent.header());
        assertThat(got.id()).isEqualTo(sent.id());
        assertThat(got.letter().enclosed()).containsExactly(ENCLOSED);
        assertThat(got.letter().audit()).isEqualTo(sent.letter().audit());
        assertThat(MessageCodec.decode(got.body()))
                .isEqualTo(new Request.Search(new TreeSet<>(List.of("heart")), "n1"));
    }

    @Test
    void aChangeOfAnyByteIsNoticed() {
        var bytes = search().bytes();
        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> Envelope.open(changed, node))
                    .as("byte %d", i)
                    .isInstanceOf(FedbiomedException.class);
        }
    }

    @Test
    void aTruncatedOrLengthenedMessageIsRefused() {
        var bytes = search().bytes();
        for (int n = 0; n < bytes.length; n++) {
            var cut = java.util.Arrays.copyOf(bytes, n);
            assertThatThrownBy(() -> Envelope.open(cut, node)).isInstanceOf(FedbiomedException.class);
        }
        assertThatThrownBy(() -> Envelope.open(java.util.Arrays.copyOf(bytes, bytes.length + 1), node))
                .isInstanceOf(FedbiomedException.class);
    }

    @Test
    void aLengthOfTwoGigabytesCostsNoMemory() {
        var bytes = search().bytes();
        java.nio.ByteBuffer.wrap(bytes).putInt(4, Integer.MAX_VALUE);
        assertThatThrownBy(() -> Envelope.open(bytes, node)).hasMessageContaining("2147483647");
    }

    @Test
    void aNewerProtocolVersionIsRefusedByName() {
        var bytes = search().bytes();
        var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\"version\":1", "\"version\":7");
        assertThatThrownBy(() -> Envelope.open(text.getBytes(StandardCharsets.ISO_8859_1), node))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("version 7");
    }

    @Test
    void aTooLargeMessageIsNotSent() {
        assertThatThrownBy(() -> Envelope.seal(
                        researcher, recipient(node), NAME, new Letter(new byte[Envelope.MAX_BYTES]), NOW, NOW))
                .hasMessageContaining("at most");
    }

    @Test
    void randomAndMutatedBytesAreErrorsNothingElse() {
        fuzz(20_000);
    }

    @Tag("campaign")
    @Test
    void aMillionRandomAndMutatedBytesAreErrorsNothingElse() {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) {
        var random = new Random(11);
        var valid = search().bytes();
        for (int i = 0; i < inputs; i++) {
            byte[] input;
            if (i % 4 == 0) {
                input = new byte[random.nextInt(300)];
                random.nextBytes(input);
            } else {
                input = java.util.Arrays.copyOf(
                        valid, random.nextInt(8) == 0 ? random.nextInt(valid.length) : valid.length);
                for (int k = 1 + random.nextInt(6); k > 0 && input.length > 0; k--) {
                    input[random.nextInt(input.length)] = (byte) random.nextInt();
                }
            }
            if (java.util.Arrays.equals(input, valid)) {
                continue;
            }
            try {
                MessageCodec.decode(Envelope.open(input, node).body());
                throw new AssertionError("accepted a changed message");
            } catch (FedbiomedException expected) {
                assertThat(expected.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.UNSUPPORTED);
            }
        }
    }

    /** What a trusted sender seals may be anything, too. */
    @Test
    void randomAndMutatedLettersAreErrorsNothingElse() {
        fuzzLetters(20_000);
    }

    @Tag("campaign")
    @Test
    void aMillionRandomAndMutatedLettersAreErrorsNothingElse() {
        fuzzLetters(1_000_000);
    }

    private void fuzzLetters(int inputs) {
        var random = new Random(12);
        var valid = search().letter().bytes();
        int read = 0;
        for (int i = 0; i < inputs; i++) {
            var input = Arrays.copyOf(valid, random.nextInt(8) == 0 ? random.nextInt(valid.length) : valid.length);
            for (int k = 1 + random.nextInt(4); k > 0 && input.length > 0; k--) {
                input[random.nextInt(input.length)] = (byte) random.nextInt();
            }
            try {
                var letter = Letter.read(input);
                read++;
                MessageCodec.decode(letter.body());
            } catch (FedbiomedException expected) {
                assertThat(expected.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.UNSUPPORTED);
            }
        }
        assertThat(read).as("some changes are of no account").isPositive();
    }
}
