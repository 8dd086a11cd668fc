package fedbiomed.protocol.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.DamagedJson;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkWitnessTest {
    private static final long SEED = 20261125;
    private static final AuditHead HEAD = new AuditHead(7, "ab".repeat(32));

    @TempDir
    Path home;

    @Test
    void aHeadIsSignedWithItsTime() {
        var keys = EnrolmentClient.newKeyPair();
        var signed = SignedHead.sign(HEAD, Instant.parse("2026-11-25T08:00:00Z"), keys.getPrivate());
        signed.requireSignedBy(keys.getPublic());
        var other = EnrolmentClient.newKeyPair().getPublic();
        assertThatThrownBy(() -> signed.requireSignedBy(other)).hasMessageContaining("not signed");
        var later = new SignedHead(signed.head(), "2026-11-25T09:00:00Z", signed.signature());
        assertThatThrownBy(() -> later.requireSignedBy(keys.getPublic())).hasMessageContaining("not signed");
        var longer = new SignedHead(HEAD.toString().replace("7:", "8:"), signed.time(), signed.signature());
        assertThatThrownBy(() -> longer.requireSignedBy(keys.getPublic())).hasMessageContaining("not signed");
        var none = new SignedHead(signed.head(), signed.time(), "no Base64!");
        assertThatThrownBy(() -> none.requireSignedBy(keys.getPublic())).isInstanceOf(IllegalArgumentException.class);
        assertThat(AuditHead.parse(signed.head())).isEqualTo(HEAD);
    }

    @Test
    void damagedHeadsAreNotKept() throws Exception {
        fuzz(1_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedHeadsAreNotKept() throws Exception {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) throws Exception {
        var keys = EnrolmentClient.newKeyPair();
        var network = certificate(keys);
        var witness = new NetworkWitness(home);
        var signed = SignedHead.sign(HEAD, Instant.parse("2026-11-25T08:00:00Z"), keys.getPrivate());
        witness.saw(signed, network);
        var kept = Files.readAllBytes(home.resolve(NetworkWitness.FILE));
        var log = Logger.getLogger(NetworkWitness.class.getName());
        // a line for each would say nothing more
        log.setLevel(Level.OFF);
        try {
            var random = new SplittableRandom(SEED);
            var valid = Json.bytes(signed);
            for (int i = 0; i < inputs; i++) {
                var said = read(DamagedJson.of(valid, random));
                if (!said.equals(signed)) {
                    witness.saw(said, network);
                }
            }
        } finally {
            log.setLevel(null);
        }
        assertThat(Files.readAllBytes(home.resolve(NetworkWitness.FILE))).isEqualTo(kept);
    }

    /** As the store's client reads it: what is no text is an empty one. */
    private static SignedHead read(byte[] json) {
        try {
            var audit = Json.MAPPER.readTree(json);
            return new SignedHead(
                    audit.path("head").asText(),
                    audit.path("time").asText(),
                    audit.path("signature").asText());
        } catch (IOException _) {
            return new SignedHead("", "", "");
        }
    }

    private static X509Certificate certificate(KeyPair keys) throws Exception {
        var now = Instant.now();
        var name = new X500Principal("CN=Network");
        var end = Date.from(now.plusSeconds(600));
        return Pem.certificate(
                new JcaX509v3CertificateBuilder(name, BigInteger.ONE, Date.from(now), end, name, keys.getPublic())
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                        .getEncoded());
    }
}
