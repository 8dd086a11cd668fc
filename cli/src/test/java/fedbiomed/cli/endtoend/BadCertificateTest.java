package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.node.Node;
import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.researcher.ResearcherSetup;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that have expired, or of another Network: what the node's and the researcher's people are told. */
class BadCertificateTest {
    private static final Clock NOW = Clock.systemUTC();

    /** Certificates of parties are valid for 90 days. */
    private static final Clock LONG_AGO = Clock.offset(NOW, Duration.ofDays(-100));

    @TempDir
    private Path folder;

    private Path networkHome;
    private Path node;
    private Path researcher;

    @BeforeEach
    void homes() {
        networkHome = folder.resolve("network");
        node = folder.resolve("node");
        researcher = folder.resolve("researcher");
    }

    private void enrol(Network network, Clock clock) {
        NodeSetup.init(node, network.invite(Role.NODE, PartyId.of("hospital-a")).token(), clock);
        ResearcherSetup.init(
                researcher, network.invite(Role.RESEARCHER, PartyId.of("rita")).token(), clock);
    }

    @Test
    void anExpiredCertificateIsToldWithItsDateAndTheRemedy() {
        Network.init(
                networkHome,
                NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(FreePorts.next(), FreePorts.next()),
                LONG_AGO);
        try (var network = Network.start(networkHome, Map.of(), LONG_AGO)) {
            enrol(network, LONG_AGO);
        }
        try (var network = Network.start(networkHome, Map.of(), NOW)) {
            assertThat(network.address().mqttPort()).isPositive();
            assertThatThrownBy(() -> Node.open(node, NOW))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXPIRED))
                    .hasMessageContaining("the certificate of node 'hospital-a' expired at 20")
                    .hasMessageContaining("ask the Network's administrator for a new invitation");
            var started = Typed.of("node", "start", "--home", node);
            assertThat(started.exit()).isEqualTo(1);
            assertThat(started.err().strip()).contains("expired at 20").hasLineCount(1);
            // nothing is left locked or half made
            assertThatThrownBy(() -> Node.open(node, NOW)).hasMessageContaining("expired at 20");

            var asked = Typed.of("datasets", "--home", researcher);
            assertThat(asked.exit()).isEqualTo(1);
            assertThat(asked.err().strip())
                    .contains("this researcher's certificate expired at 20", "for a new invitation")
                    .hasLineCount(1);
        }
    }

    @Test
    void anotherNetworkAtTheAddressIsToldApartFromOneThatIsAway() throws Exception {
        Network.init(networkHome, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        FederationAddress own;
        try (var network = Network.start(networkHome)) {
            enrol(network, NOW);
            own = network.address();
        }
        var away = Typed.of("datasets", "--home", withPatience(researcher));
        assertThat(away.exit()).isEqualTo(1);
        assertThat(away.err().strip())
                .contains("no connection to the Network: ", ":" + own.storePort(), "Is the Network running")
                .hasLineCount(1);

        var otherHome = folder.resolve("other");
        Network.init(otherHome, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        try (var other = Network.start(otherHome)) {
            other.address().save(researcher);
            other.address().save(node);
            var asked = Typed.of("datasets", "--home", researcher);
            assertThat(asked.exit()).isEqualTo(1);
            assertThat(asked.err().strip())
                    .contains("does not show a certificate of the Network that this party enrolled with")
                    .hasLineCount(1);
            try (var lost = Node.open(node, NOW)) {
                lost.start();
                assertThat(lost.connectionProblem()).satisfies(problem -> {
                    assertThat(problem.lasting()).isTrue();
                    assertThat(problem.text()).contains("is another Network", "Ask its administrator");
                });
            }
        }
    }

    /** So short that a Network that is away is not waited for. */
    private static Path withPatience(Path home) throws IOException {
        var config = home.resolve("config.yaml");
        java.nio.file.Files.writeString(
                config,
                java.nio.file.Files.readString(config).replaceAll("network_patience: .*", "network_patience: 2s"));
        return home;
    }

    @Test
    void aRevokedPartyIsToldSo() throws Exception {
        Network.init(networkHome, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        try (var network = Network.start(networkHome)) {
            enrol(network, NOW);
            assertThat(Typed.of("network", "party", "revoke", "rita", "--home", networkHome)
                            .exit())
                    .isZero();
            var asked = Typed.of("datasets", "--home", researcher);
            assertThat(asked.exit()).isEqualTo(1);
            assertThat(asked.err().strip())
                    .contains("no connection to the Network: ", "revoked")
                    .hasLineCount(1);
        }
    }
}
