package fedbiomed.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportIdentityTest {
    @TempDir
    Path home;

    private final KeyPair caKeys = EnrolmentClient.newKeyPair();
    private final X509Certificate ca = certificate("CN=A CA", caKeys);

    @Test
    void anIdentityIsReadAsItWasSaved() throws Exception {
        var keys = EnrolmentClient.newKeyPair();
        new TransportIdentity(keys.getPrivate(), certificate("CN=hospital-a,OU=node", keys), ca).save(home);

        var read = TransportIdentity.load(home);

        assertThat(read.party()).isEqualTo(PartyId.of("hospital-a"));
        assertThat(read.role()).isEqualTo(Role.NODE);
        assertThat(read.privateKey()).isEqualTo(keys.getPrivate());
        assertThat(read.caFingerprint()).isEqualTo(TransportIdentity.fingerprint(ca));
        assertThat(read.sslContext().getProtocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void aKeyThatTheGroupCanReadIsRefusedWithTheChmodToDo() throws Exception {
        var keys = EnrolmentClient.newKeyPair();
        new TransportIdentity(keys.getPrivate(), certificate("CN=a,OU=node", keys), ca).save(home);
        var key = home.resolve("transport/key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> TransportIdentity.load(home))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("chmod 600 " + key);
    }

    @Test
    void aKeyBesideAnothersCertificateIsRefused() throws Exception {
        var keys = EnrolmentClient.newKeyPair();
        new TransportIdentity(keys.getPrivate(), certificate("CN=a,OU=node", keys), ca).save(home);
        var other = EnrolmentClient.newKeyPair();
        Files.writeString(
                home.resolve("transport/certificate.pem"),
                Pem.encode(Pem.CERTIFICATE, certificate("CN=a,OU=node", other).getEncoded()));
        assertThatThrownBy(() -> TransportIdentity.load(home)).hasMessageContaining("do not belong together");
    }

    @Test
    void aHomeThatIsNotEnrolledOrHoldsRubbishSaysSo() throws Exception {
        assertThatThrownBy(() -> TransportIdentity.load(home)).hasMessageContaining("not enrolled");
        var keys = EnrolmentClient.newKeyPair();
        new TransportIdentity(keys.getPrivate(), certificate("CN=a,OU=node", keys), ca).save(home);
        Files.writeString(home.resolve("transport/ca.pem"), "rubbish");
        assertThatThrownBy(() -> TransportIdentity.load(home))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("CERTIFICATE");
    }

    @Test
    void aSubjectThatNamesNoPartyIsRefused() {
        for (var subject : new String[] {
            "CN=a", "OU=node", "CN=A B,OU=node", "CN=a,OU=king", "CN=a,CN=b,OU=node", "CN=a,OU=node,OU=researcher"
        }) {
            var certificate = certificate(subject, EnrolmentClient.newKeyPair());
            assertThatThrownBy(() -> CertifiedParty.of(certificate)).as(subject).isInstanceOf(FedbiomedException.class);
        }
    }

    private X509Certificate certificate(String subject, KeyPair keys) {
        try {
            var now = Instant.now();
            var built = new JcaX509v3CertificateBuilder(
                            new X500Principal("CN=A CA"),
                            BigInteger.ONE,
                            Date.from(now),
                            Date.from(now.plusSeconds(600)),
                            new X500Principal(subject),
                            keys.getPublic())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(caKeys.getPrivate()));
            return Pem.certificate(built.getEncoded());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
