package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.node.Node;
import fedbiomed.node.NodeConfig;
import fedbiomed.node.NodeSetup;
import fedbiomed.node.round.Bubblewrap;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.researcher.ResearcherSetup;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A Network and a node in this JVM, the node's workers in theirs, and a researcher's home; all in one folder. */
final class Federation implements AutoCloseable {
    static final NodeConfig NODE = config(Duration.ofMinutes(5));
    private static final long CONNECT_MILLIS = 60_000;

    final Path folder;
    final Network network;
    private Node node;
    private int experiments;

    Federation(Path folder, NodeConfig config) throws InterruptedException {
        this.folder = folder;
        Network.init(
                folder.resolve("network"),
                NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0));
        network = Network.start(folder.resolve("network"));
        var clock = Clock.systemUTC();
        NodeSetup.init(
                nodeHome(), network.invite(Role.NODE, PartyId.of("hospital-a")).token(), clock);
        ResearcherSetup.init(
                researcherHome(),
                network.invite(Role.RESEARCHER, PartyId.of("rita")).token(),
                clock);
        node = started(config);
    }

    static NodeConfig config(Duration jobLimit) {
        return new NodeConfig(
                Bubblewrap.obstacle().isEmpty() ? SandboxKind.BUBBLEWRAP : SandboxKind.JVM_ONLY,
                DataSize.ofMebibytes(128),
                DataSize.ofMebibytes(1024),
                NodeConfig.DEFAULTS.workerDisk(),
                NodeConfig.DEFAULTS.workerTables(),
                NodeConfig.DEFAULTS.workerThreads(),
                NodeConfig.DEFAULTS.jobCpuLimit(),
                jobLimit,
                Duration.ofMinutes(5),
                NodeConfig.DEFAULTS.memoryReserve(),
                2,
                1,
                10,
                DataSize.ofMebibytes(64),
                NodeConfig.DEFAULTS.stateVersions(),
                NodeConfig.DEFAULTS.stateLifetime(),
                NodeConfig.DEFAULTS.stateDisk());
    }

    private Node started(NodeConfig config) throws InterruptedException {
        var opened = Node.open(nodeHome(), config, Clock.systemUTC());
        opened.start();
        assertThat(opened.awaitConnected(CONNECT_MILLIS)).isTrue();
        return opened;
    }

    /** As after a change of its settings. */
    void restartNode(NodeConfig config) throws InterruptedException {
        node.close();
        node = started(config);
    }

    Node node() {
        return node;
    }

    Path nodeHome() {
        return folder.resolve("node");
    }

    Path researcherHome() {
        return folder.resolve("researcher");
    }

    String nodeFingerprint() {
        return Identity.load(nodeHome()).keys().fingerprint().value();
    }

    String researcherFingerprint() {
        return Identity.load(researcherHome()).keys().fingerprint().value();
    }

    void trustEachOther() {
        assertThat(Typed.of("node", "researcher", "trust", "rita", researcherFingerprint(), "--home", nodeHome())
                        .exit())
                .isZero();
        assertThat(Typed.of("researcher", "node", "trust", "hospital-a", nodeFingerprint(), "--home", researcherHome())
                        .exit())
                .isZero();
    }

    /** So many rows with the columns {@code a}, {@code b} and {@code sick}: yes where the sum of the two is large. */
    static String table(int rows) {
        var random = new SplittableRandom(11);
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s%n".formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no"));
        }
        return csv.toString();
    }

    void share(String name, String csv, String tag) throws IOException {
        var file = Files.writeString(folder.resolve(name + ".csv"), csv);
        var added = Typed.of("node", "dataset", "add", file, "--name", name, "--tags", tag, "--home", nodeHome());
        assertThat(added.exit()).as(added.err()).isZero();
    }

    /** Runs a plan that the data manager has approved, on the datasets with the tag {@code sick}. */
    Typed run(String plan, String... arguments) throws IOException {
        var source = new PlanSource(plan);
        node.plans().request(PartyId.of("rita"), source, "");
        node.plans().decide(source.id(), PlanStatus.APPROVED, "");
        return runUnapproved(plan, "sick", arguments);
    }

    /** @param arguments further lines of {@code experiment.yaml} */
    Typed runUnapproved(String plan, String tag, String... arguments) throws IOException {
        var name = "run-" + experiments++;
        var home = Files.createDirectories(folder.resolve(name + "-files"));
        Files.writeString(home.resolve("Plan.java"), plan);
        var lines = new ArrayList<>(List.of("tags: [" + tag + "]", "plan: Plan.java", "seed: 7"));
        lines.addAll(List.of(arguments));
        if (lines.stream().noneMatch(line -> line.startsWith("rounds"))) {
            lines.add("rounds: 1");
        }
        var file = Files.write(home.resolve("experiment.yaml"), lines);
        return Typed.of("run", file, "--folder", lastRun(), "--home", researcherHome(), "--no-wait", "--json");
    }

    /** The experiment's folder. */
    Path lastRun() {
        return folder.resolve("run-" + (experiments - 1));
    }

    @Override
    public void close() {
        node.close();
        network.close();
    }
}
