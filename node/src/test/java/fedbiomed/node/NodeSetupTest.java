package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.node.command.NodeCommand;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeSetupTest {
    @TempDir
    Path folder;

    @Test
    void initEnrolsAndSaysWhatComesNext() throws Exception {
        var home = folder.resolve("node");
        try (var network = network()) {
            var token = network.invite(Role.NODE, PartyId.of("hospital-a")).token();
            var out = new StringWriter();
            assertThat(FedbiomedCommandLine.of(new NodeCommand())
                            .setOut(new PrintWriter(out))
                            .execute("init", "--invite", token, "--home", home.toString()))
                    .isZero();
            var fingerprint = Identity.load(home).keys().fingerprint().value();
            assertThat(out.toString()).contains(fingerprint, "fedbiomed node start");
            assertThat(Files.readString(home.resolve("config.yaml"))).contains("worker_heap: 512 MiB", "job_limit: 1h");
            assertThat(NodeConfig.read(home, Map.of())).isEqualTo(NodeConfig.DEFAULTS);
            // said once, in the policy
            assertThat(home.resolve("config.yaml")).content().doesNotContain("minimum_samples");
            assertThat(home.resolve(PolicyFile.FILE)).content().contains("minimum_samples: 10", "quiet_hours: []");
            Files.writeString(home.resolve("config.yaml"), "minimum_samples: 25\n");
            assertThat(NodeConfig.read(home, Map.of()).minimumSamples()).isEqualTo(25);

            assertThatThrownBy(() -> NodeSetup.init(
                            home,
                            network.invite(Role.NODE, PartyId.of("hospital-b")).token(),
                            Clock.systemUTC()))
                    .hasMessageContaining("is the home of 'hospital-a'");
            assertThat(Identity.load(home).keys().fingerprint().value()).isEqualTo(fingerprint);
        }
    }

    @Test
    void aNodeComesBackAsItselfWithANewInvitation() throws Exception {
        var home = folder.resolve("node");
        try (var network = network()) {
            var name = PartyId.of("hospital-a");
            var first = NodeSetup.init(home, network.invite(Role.NODE, name).token(), Clock.systemUTC());
            var certificate = Files.readString(home.resolve("transport/certificate.pem"));
            Files.writeString(home.resolve("config.yaml"), "job_limit: 5m\n");
            network.revoke(name);
            var again = NodeSetup.init(home, network.invite(Role.NODE, name).token(), Clock.systemUTC());
            assertThat(again.keys()).isEqualTo(first.keys());
            assertThat(home.resolve("transport/certificate.pem")).content().isNotEqualTo(certificate);
            assertThat(NodeConfig.read(home, Map.of()).jobLimit()).isEqualTo(java.time.Duration.ofMinutes(5));
        }
    }

    @Test
    void aResearchersInvitationIsRefusedBeforeItIsUsed() throws Exception {
        try (var network = network()) {
            var token = network.invite(Role.RESEARCHER, PartyId.of("ana")).token();
            assertThatThrownBy(() -> NodeSetup.init(folder.resolve("node"), token, Clock.systemUTC()))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("for the researcher 'ana'");
            assertThat(folder.resolve("node")).doesNotExist();
        }
    }

    @Test
    void anUnknownSettingOrAnImpossibleValueIsNamed() throws Exception {
        NodeConfig.file().write(folder, NodeConfig.DEFAULTS);
        assertThat(NodeConfig.read(folder, Map.of("FEDBIOMED_NODE_CONCURRENT_JOBS", "5"))
                        .concurrentJobs())
                .isEqualTo(5);
        assertThatThrownBy(() -> NodeConfig.read(folder, Map.of("FEDBIOMED_NODE_CONCURRENT_JOBS", "0")))
                .hasMessageContaining("concurrent_jobs must be at least 1, not 0");
        Files.writeString(folder.resolve("config.yaml"), "job_limt: 5m\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> NodeConfig.read(folder, Map.of()))
                .hasMessageContaining("job_limt")
                .hasMessageContaining("job_limit");
    }

    @Test
    void oneHomeRunsOnce() throws Exception {
        try (var federation = new TestFederation(folder);
                var node = federation.startNode("hospital-a", TestFederation.SMALL)) {
            assertThatThrownBy(() -> Node.open(folder.resolve("hospital-a"), TestFederation.SMALL, Clock.systemUTC()))
                    .hasMessageContaining("runs already");
            assertThat(node.party()).isEqualTo(PartyId.of("hospital-a"));
        }
    }

    @Test
    void aNodeWhoseKeysOthersCanReadDoesNotStart() throws Exception {
        var home = folder.resolve("node");
        try (var network = network()) {
            NodeSetup.init(
                    home, network.invite(Role.NODE, PartyId.of("hospital-a")).token(), Clock.systemUTC());
            for (var key : List.of(home.resolve(Identity.FILE), home.resolve("transport/key.pem"))) {
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
                assertThatThrownBy(() -> Node.open(home, Clock.systemUTC()))
                        .isInstanceOf(FedbiomedException.class)
                        .hasMessageContaining("chmod 600 " + key);
                Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }

    private Network network() {
        var home = folder.resolve("network");
        Network.init(home, NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        return Network.start(home);
    }
}
