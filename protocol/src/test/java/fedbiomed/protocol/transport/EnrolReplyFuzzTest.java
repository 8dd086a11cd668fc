package fedbiomed.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.DamagedJson;
import fedbiomed.protocol.transport.EnrolmentClient.EnrolReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.SplittableRandom;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What may come from whatever listens where an invitation points. */
class EnrolReplyFuzzTest {
    private static final long SEED = 20261125;
    private static final URI NETWORK = URI.create("https://network.example:8443");
    private static final CertifiedParty NODE = new CertifiedParty(PartyId.of("hospital-a"), Role.NODE);

    private final KeyPair keys = EnrolmentClient.newKeyPair();
    private final KeyPair caKeys = EnrolmentClient.newKeyPair();
    private final byte[] certificate = certificate(NODE.subject(), keys);
    private final byte[] ca = certificate("CN=A CA", caKeys);
    private final FederationAddress address = new FederationAddress("network.example", 1, "network.example", 2);

    private byte[] certificate(String subject, KeyPair of) {
        try {
            var now = Instant.now();
            return new JcaX509v3CertificateBuilder(
                            new X500Principal("CN=A CA"),
                            BigInteger.ONE,
                            Date.from(now),
                            Date.from(now.plusSeconds(600)),
                            new X500Principal(subject),
                            of.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(caKeys.getPrivate()))
                    .getEncoded();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private byte[] reply(byte[] party, byte[] authority) {
        return Json.bytes(
                new EnrolReply(Pem.encode(Pem.CERTIFICATE, party), Pem.encode(Pem.CERTIFICATE, authority), address));
    }

    private TransportIdentity taken(int status, byte[] answer) {
        return EnrolmentClient.identity(EnrolmentClient.reply(status, answer, NETWORK), keys, NODE);
    }

    @Test
    void whatTheNetworkCertifiesIsTaken() {
        assertThat(taken(200, reply(certificate, ca)).party()).isEqualTo(NODE.party());
    }

    @Test
    void aReplyThatLacksSomethingIsNoNetworks() {
        var whole = new String(reply(certificate, ca), StandardCharsets.UTF_8);
        for (var text : new String[] {
            "null",
            "[]",
            "{}",
            whole.replace("\"federation\"", "\"elsewhere\""),
            whole.replace("\"ca\"", "\"authority\""),
            whole.replace("\"host\"", "\"no_host\"")
        }) {
            assertThatThrownBy(() -> taken(200, text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE))
                    .hasMessageContaining("network.example:8443");
        }
    }

    @Test
    void damagedRepliesAreTakenOrRefused() {
        fuzz(3_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedRepliesAreTakenOrRefused() {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) {
        var random = new SplittableRandom(SEED);
        var whole = reply(certificate, ca);
        var problem = "{\"code\":\"REFUSED\",\"text\":\"t\",\"what_to_do\":\"w\"}".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            int status = i % 10 == 0 ? 100 + random.nextInt(500) : 200;
            var answer = switch (random.nextInt(3)) {
                case 0 -> DamagedJson.of(status == 200 ? whole : problem, random);
                case 1 -> reply(damaged(certificate, random), ca);
                default -> reply(certificate, damaged(ca, random));
            };
            try {
                assertThat(taken(status, answer).party()).isEqualTo(NODE.party());
            } catch (FedbiomedException e) {
                assertThat(e.text()).isNotBlank().hasSizeLessThan(1_500);
                refused++;
            }
        }
        assertThat(refused).isBetween(inputs / 2, inputs - inputs / 1_000);
    }

    /** Of the DER: a byte, a length or a tag, a stretch, the end. */
    private static byte[] damaged(byte[] der, SplittableRandom random) {
        var bytes = der.clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] = (byte) random.nextInt();
            case 1 -> bytes[at] = new byte[] {0, -1, -128, -124, 0x30, 0x7F}[random.nextInt(6)];
            case 2 -> {
                int length = 1 + random.nextInt(bytes.length - at);
                System.arraycopy(der, random.nextInt(bytes.length - length + 1), bytes, at, length);
            }
            default -> {
                return Arrays.copyOf(bytes, at);
            }
        }
        return bytes;
    }
}
