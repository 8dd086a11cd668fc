package fedbiomed.network.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an enrolment may bring as a PKCS 10 request: the key that it proves to hold, or a refusal. */
class CertificateRequestFuzzTest {
    private static final long SEED = 20261125;
    /** As much as fits into the text that is taken. */
    private static final int MOST_BYTES = 6_000;

    private static final byte[] TAGS_AND_LENGTHS = {0, 1, 2, 3, 5, 6, 0x30, 0x31, 0x7F, -128, -127, -124, -96, -1};

    private final KeyPair keys = EnrolmentClient.newKeyPair();
    private final String valid =
            EnrolmentClient.certificateRequest(keys, new CertifiedParty(PartyId.of("hospital-a"), Role.NODE));
    private final byte[] der = Pem.decode(Pem.CERTIFICATE_REQUEST, valid).getFirst();

    @Test
    void theKeyThatSignedIsTaken() {
        assertThat(CertificateAuthority.provenKey(valid)).isEqualTo(keys.getPublic());
    }

    @Test
    void aRequestOfNestedSequencesIsRefused() {
        for (var level : new byte[][] {{0x30, -128}, {0x30, -126, 0x20, 0}, {0x24, -128}, {-96, -128}}) {
            var nested = new byte[MOST_BYTES];
            for (int i = 0; i < nested.length; i++) {
                nested[i] = level[i % level.length];
            }
            assertThatThrownBy(() -> CertificateAuthority.provenKey(Pem.encode(Pem.CERTIFICATE_REQUEST, nested)))
                    .isInstanceOf(FedbiomedException.class);
        }
    }

    @Test
    void damagedRequestsProveTheirKeyOrAreRefused() {
        fuzz(2_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedRequestsProveTheirKeyOrAreRefused() {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) {
        var random = new SplittableRandom(SEED);
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            var request =
                    random.nextInt(8) == 0 ? damagedText(random) : Pem.encode(Pem.CERTIFICATE_REQUEST, damaged(random));
            try {
                assertThat(CertificateAuthority.provenKey(request))
                        .as("only the key itself could sign")
                        .isEqualTo(keys.getPublic());
            } catch (FedbiomedException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
                refused++;
            }
        }
        assertThat(refused).isBetween(inputs / 2, inputs - 1);
    }

    private String damagedText(SplittableRandom random) {
        var text = valid.toCharArray();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            text[random.nextInt(text.length)] = (char) random.nextInt(random.nextBoolean() ? 128 : 65_536);
        }
        return random.nextInt(4) == 0 ? valid.substring(random.nextInt(valid.length())) : new String(text);
    }

    private byte[] damaged(SplittableRandom random) {
        var bytes = der.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(6)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] = TAGS_AND_LENGTHS[random.nextInt(TAGS_AND_LENGTHS.length)];
            case 2 -> {
                int length = 1 + random.nextInt(bytes.length - at);
                System.arraycopy(der, random.nextInt(bytes.length - length + 1), bytes, at, length);
            }
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                bytes = new byte[1 + random.nextInt(300)];
                random.nextBytes(bytes);
            }
            default -> {
                // two bytes at once: a tag with a length that fits
                bytes[at] = TAGS_AND_LENGTHS[random.nextInt(TAGS_AND_LENGTHS.length)];
                bytes[random.nextInt(bytes.length)] = TAGS_AND_LENGTHS[random.nextInt(TAGS_AND_LENGTHS.length)];
            }
        }
        return bytes;
    }
}
