package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.network.enrolment.OpenedAuthority;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CA's key at rest, who opens it, and the Network's private files that others can read. */
@Timeout(300)
class AuthorityKeyTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Map<String, String> OTHER = Map.of(CaPassphrase.VARIABLE, "another passphrase");

    @TempDir
    Path folder;

    private Path home;
    private Path key;
    private Path passphrase;

    @BeforeEach
    void places() {
        home = folder.resolve("network");
        key = home.resolve("ca/ca-key.pem");
        passphrase = folder.resolve("network.ca-passphrase");
    }

    private void init() {
        Network.init(home, TestFederation.settings(), CLOCK);
    }

    private Network start(Map<String, String> environment) {
        return Network.start(home, environment, CLOCK);
    }

    private void enrolsAParty(Network network, String name) {
        var invitation = network.invite(Role.NODE, PartyId.of(name));
        assertThat(EnrolmentClient.enrol(invitation, folder.resolve(name), CLOCK)
                        .party())
                .isEqualTo(PartyId.of(name));
    }

    @Test
    void theKeyIsEncryptedAndOnlyIssuingNeedsThePassphraseBesideTheHome() throws Exception {
        init();
        assertThat(key).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        for (var file : new Path[] {key, passphrase}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        try (var network = start(Map.of())) {
            enrolsAParty(network, "node-a");
        }
        var elsewhere = Files.move(passphrase, folder.resolve("elsewhere"));
        assertThatThrownBy(() -> start(Map.of()))
                .hasMessageContaining(passphrase.toString())
                .hasMessageContaining(CaPassphrase.VARIABLE);
        try (var administrator = NetworkHome.open(home, Map.of(), CLOCK)) {
            assertThat(administrator.parties()).hasSize(1);
            administrator.invite(Role.NODE, PartyId.of("node-b"), Duration.ofHours(1));
            assertThat(administrator.revoke(PartyId.of("node-a"))).isTrue();
            assertThatThrownBy(() -> administrator.writeMosquitto(folder.resolve("mosquitto")))
                    .hasMessageContaining(CaPassphrase.VARIABLE);
        }
        var text = Files.readString(elsewhere).strip();
        try (var network = start(Map.of(CaPassphrase.VARIABLE, text))) {
            enrolsAParty(network, "node-c");
        }
    }

    @Test
    void aPassphraseThatIsNotTheOneIsSaidWithoutSayingIt() {
        init();
        assertThatThrownBy(() -> start(OTHER))
                .hasMessageContaining("cannot be opened")
                .hasMessageContaining(key.toString())
                .hasMessageNotContaining("another passphrase");
        assertThatThrownBy(() -> start(Map.of(CaPassphrase.VARIABLE, "short"))).hasMessageContaining("at least 12");
    }

    /** What {@code init --ask-passphrase} and {@code start} do at a terminal. */
    @Test
    void aTypedPassphraseIsKeptNowhere() throws Exception {
        var config = TestFederation.settings();
        UnaryOperator<CaPassphrase> person = known -> known.asking(_ -> "correct horse battery".toCharArray());
        Network.init(home, config, person.apply(CaPassphrase.of(home, "", Map.of())), CLOCK);
        assertThat(passphrase).doesNotExist();
        assertThatThrownBy(() -> start(Map.of())).hasMessageContaining("at a terminal");
        try (var network = Network.start(home, Map.of(), CLOCK, person)) {
            enrolsAParty(network, "node-a");
        }
        assertThat(passphrase).doesNotExist();
    }

    /** {@code openssl pkcs8} is what an administrator has when Fed-BioMed is not at hand. */
    @Test
    void opensslReadsTheKey() throws Exception {
        var openssl = Path.of("/usr/bin/openssl");
        assumeThat(openssl).as("openssl is not installed").exists();
        init();
        var plain = folder.resolve("plain.pem");
        var process = new ProcessBuilder(
                        openssl.toString(), "pkcs8", "-in", key.toString(), "-passin", "file:" + passphrase)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(plain.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(signs(Pem.privateKey(Files.readString(plain)))).isTrue();
    }

    private boolean signs(PrivateKey opened) throws Exception {
        var ca = Pem.certificates(Files.readString(home.resolve("ca/ca.pem"))).getFirst();
        var signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(opened);
        signature.update(new byte[] {1});
        var signed = signature.sign();
        signature.initVerify(ca.getPublicKey());
        signature.update(new byte[] {1});
        return signature.verify(signed);
    }

    /** Homes of earlier versions have their key in clear. */
    @Test
    void aPlainKeyIsEncryptedAtTheNextStartAndStaysTheSame() throws Exception {
        init();
        var fingerprint = plainKey();
        Files.delete(passphrase);
        try (var network = start(Map.of())) {
            assertThat(network.caFingerprint()).isEqualTo(fingerprint);
            enrolsAParty(network, "node-a");
        }
        assertThat(key).content().startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----");
        assertThat(passphrase).exists();
        try (var network = start(Map.of())) {
            enrolsAParty(network, "node-b");
        }
    }

    @Test
    void aPlainKeyThatCannotBeEncryptedStillOpensAndTheLogSaysWhatToDo() throws Exception {
        init();
        plainKey();
        Files.delete(passphrase);
        var environment = Map.of("FEDBIOMED_NETWORK_CA_PASSPHRASE_FILE", "no such folder/passphrase");
        try (var log = new LoggedWarnings();
                var network = start(environment)) {
            enrolsAParty(network, "node-a");
            assertThat(log.texts())
                    .anyMatch(text -> text.contains("is not encrypted") && text.contains("ca_passphrase_file"));
        }
        assertThat(key).content().startsWith("-----BEGIN PRIVATE KEY-----");
    }

    /** As an earlier version had left it: a CA's files with the key in clear. @return the CA's fingerprint */
    private String plainKey() throws Exception {
        var opened = opened();
        AtomicFiles.writeOwnerOnly(
                key, Pem.encode(Pem.PRIVATE_KEY, opened.getEncoded()).getBytes(StandardCharsets.US_ASCII));
        return TransportIdentity.fingerprint(
                Pem.certificates(Files.readString(home.resolve("ca/ca.pem"))).getFirst());
    }

    private PrivateKey opened() throws Exception {
        return OpenedAuthority.key(key, Files.readString(passphrase).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"network/ca/ca-key.pem", "network/server/key.pem", "network.ca-passphrase"})
    void aPrivateFileThatOthersCanReadIsRefusedAtStart(String name) throws Exception {
        init();
        start(Map.of()).close();
        var file = folder.resolve(name);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> start(Map.of()))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600 " + file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        start(Map.of()).close();
    }
}
