package fedbiomed.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
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

    @TempDir
    Path home;

    private Identity researcher;

    @BeforeEach
    void keys() {
        researcher = Identity.create(PartyId.of("alice"), home);
    }

    private Envelope search() {
        var body = MessageCodec.encode(new Request.Search(new TreeSet<>(List.of("heart")), "n1"));
        return Envelope.seal(researcher, NODE, body, NOW, NOW.plusSeconds(60));
    }

    @Test
    void whatWasSignedIsReadBack() {
        var sent = search();
        var got = Envelope.open(sent.bytes());
        assertThat(got.header()).isEqualTo(sent.header());
        assertThat(MessageCodec.decode(got.body()))
                .isEqualTo(new Request.Search(new TreeSet<>(List.of("heart")), "n1"));
    }

    @Test
    void aChangeOfAnyByteIsNoticed() {
        var bytes = search().bytes();
        for (int i = 0; i < bytes.length; i++) {
            var changed = bytes.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> Envelope.open(changed)).as("byte %d", i).isInstanceOf(FedbiomedException.class);
        }
    }

    @Test
    void aTruncatedOrLengthenedMessageIsRefused() {
        var bytes = search().bytes();
        for (int n = 0; n < bytes.length; n++) {
            var cut = java.util.Arrays.copyOf(bytes, n);
            assertThatThrownBy(() -> Envelope.open(cut)).isInstanceOf(FedbiomedException.class);
        }
        assertThatThrownBy(() -> Envelope.open(java.util.Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(FedbiomedException.class);
    }

    @Test
    void aLengthOfTwoGigabytesCostsNoMemory() {
        var bytes = search().bytes();
        java.nio.ByteBuffer.wrap(bytes).putInt(4, Integer.MAX_VALUE);
        assertThatThrownBy(() -> Envelope.open(bytes)).hasMessageContaining("2147483647");
    }

    @Test
    void aNewerProtocolVersionIsRefusedByName() {
        var bytes = search().bytes();
        var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\"version\":1", "\"version\":7");
        assertThatThrownBy(() -> Envelope.open(text.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("version 7");
    }

    @Test
    void aTooLargeMessageIsNotSent() {
        assertThatThrownBy(() -> Envelope.seal(researcher, NODE, new byte[Envelope.MAX_BYTES], NOW, NOW))
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
                MessageCodec.decode(Envelope.open(input).body());
                throw new AssertionError("accepted a changed message");
            } catch (FedbiomedException expected) {
                assertThat(expected.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.UNSUPPORTED);
            }
        }
    }
}
