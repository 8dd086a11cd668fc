package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.researcher.ResearcherSetup;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code fedbiomed doctor} on homes that are well and on homes that are not, and what is told of a port in use. */
class DoctorTest {
    private static final Clock NOW = Clock.systemUTC();

    @TempDir
    private Path folder;

    private Path network;
    private Path node;
    private Path researcher;

    @BeforeEach
    void homes() {
        network = folder.resolve("network");
        node = folder.resolve("node");
        researcher = folder.resolve("researcher");
    }

    private void enrol(Network running, Clock clock) {
        NodeSetup.init(node, running.invite(Role.NODE, PartyId.of("hospital-a")).token(), clock);
        ResearcherSetup.init(
                researcher, running.invite(Role.RESEARCHER, PartyId.of("rita")).token(), clock);
    }

    private Typed doctor(Object... more) {
        var arguments = new Object[7 + more.length];
        System.arraycopy(
                new Object[] {"doctor", "--home", network, "--home", node, "--home", researcher}, 0, arguments, 0, 7);
        System.arraycopy(more, 0, arguments, 7, more.length);
        return Typed.of(arguments);
    }

    @Test
    void whereAllIsWellItSaysSo() throws Exception {
        Network.init(network, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        try (var running = Network.start(network)) {
            enrol(running, NOW);
            var examined = doctor();
            assertThat(examined.exit()).as(examined.out() + examined.err()).isZero();
            assertThat(examined.out())
                    .contains("with compiler", "sandbox", "MiB free")
                    .contains("its Network is running", "its certificate authority is valid for")
                    .contains("keys of hospital-a, fingerprint ", "keys of rita, fingerprint ")
                    .contains("the certificate is valid for 89 days more", "agrees with the Network's")
                    .contains(
                            "https://localhost:" + running.address().storePort() + " answers",
                            "localhost:" + running.address().mqttPort() + " takes connections")
                    .endsWith("Nothing stands in the way.\n");

            var findings = Json.MAPPER.readTree(doctor("--json").out());
            assertThat(findings.isArray()).isTrue();
            assertThat(findings)
                    .hasSizeGreaterThan(10)
                    .extracting(finding -> finding.path("verdict").asText())
                    .doesNotContain("BAD")
                    .contains("GOOD");
        }
    }

    @Test
    void aNetworkThatIsAwayIsToldWithWhereItWasLookedFor() {
        Network.init(network, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        int port;
        try (var running = Network.start(network)) {
            enrol(running, NOW);
            port = running.address().storePort();
        }
        var examined = doctor();
        assertThat(examined.exit()).isEqualTo(1);
        assertThat(examined.out())
                .contains("XX store", "the Network does not answer at localhost:" + port, "-> is it running")
                .doesNotContain("its Network is running", "Nothing stands in the way");
        assertThat(examined.err().strip()).isEqualTo("fedbiomed: 2 findings marked XX must be mended first");
    }

    @Test
    void anExpiredCertificateAndAClockThatIsWrongAreTold() throws IOException {
        var past = Clock.offset(NOW, Duration.ofDays(-100));
        Network.init(network, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0), past);
        try (var running = Network.start(network, Map.of(), past)) {
            enrol(running, past);
            var examined = doctor();
            assertThat(examined.exit()).isEqualTo(1);
            assertThat(examined.out())
                    .contains("the certificate expired at 20", "-> ask the Network for a new invitation");
        }
        try (var running = Network.start(network, Map.of(), NOW)) {
            node = folder.resolve("node-2");
            NodeSetup.init(
                    node, running.invite(Role.NODE, PartyId.of("hospital-b")).token(), NOW);
        }
        try (var running = Network.start(network, Map.of(), Clock.offset(NOW, Duration.ofMinutes(-10)))) {
            running.address().save(node);
            assertThat(Typed.of("doctor", "--home", node).out())
                    .contains("XX clock", "differs from the Network's by 6", "-> set both clocks");
        }
    }

    @Test
    void aPortInUseIsToldByTheDoctorAndByTheStart() throws IOException {
        try (var other = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"))) {
            Network.init(network, NetworkConfig.DEFAULTS.withPorts(other.getLocalPort(), FreePorts.next()));
            var examined = Typed.of("doctor", "--home", network);
            assertThat(examined.exit()).isEqualTo(1);
            assertThat(examined.out())
                    .contains("XX port " + other.getLocalPort(), "store_port cannot be had on 0.0.0.0")
                    .contains("-> stop the program that has it, or set another store_port")
                    .contains("free for the Network (mqtt_port)");

            var before = Files.readString(network.resolve("config.yaml"));
            var started = Typed.of("network", "start", "--home", network);
            assertThat(started.exit()).isEqualTo(1);
            assertThat(started.err().strip())
                    .contains(
                            "port " + other.getLocalPort() + " on 0.0.0.0 cannot be used",
                            "set store_port in config.yaml")
                    .hasLineCount(1);
            assertThat(network.resolve("config.yaml")).hasContent(before);
        }
        // and nothing is left locked
        assertThat(Typed.of("doctor", "--home", network).exit()).isZero();
    }

    @Test
    void aServersKeyThatOthersCanReadIsTold() throws IOException {
        Network.init(network, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        Network.start(network).close();
        assertThat(Typed.of("doctor", "--home", network).out()).contains("its own certificate is its owner's alone");
        var key = network.resolve("server/key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        var examined = Typed.of("doctor", "--home", network);
        assertThat(examined.exit()).isEqualTo(1);
        assertThat(examined.out()).contains("XX " + network, "chmod 600 " + key);
    }

    @Test
    void aFolderThatIsNoHomeAndOneThatIsNotThereAreToldApart() throws IOException {
        Files.createDirectory(node);
        var examined = Typed.of("doctor", "--home", node, "--home", folder.resolve("nowhere"), "--json");
        assertThat(examined.exit()).isEqualTo(1);
        assertThat(Json.MAPPER.readTree(examined.out()))
                .filteredOn(finding -> finding.path("verdict").asText().equals("BAD"))
                .extracting((JsonNode finding) -> finding.path("what").asText())
                .containsExactly("no party's home: it has neither keys nor a certificate authority", "no such folder");
    }
}
