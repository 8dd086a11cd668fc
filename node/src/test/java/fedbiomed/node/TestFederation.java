package fedbiomed.node;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.message.Job;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A real Network in this process with one researcher, and nodes as they are asked for. */
final class TestFederation implements AutoCloseable {
    /** Small and quick, so that limits are met soon. */
    static final NodeConfig SMALL = new NodeConfig(
            Sandboxes.HERE,
            DataSize.ofMebibytes(64),
            DataSize.ofMebibytes(700),
            DataSize.ofMebibytes(64),
            DataSize.ofMebibytes(64),
            200,
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            Duration.ofMinutes(5),
            DataSize.ofMebibytes(1),
            2,
            1,
            10,
            DataSize.ofMebibytes(64),
            2,
            Duration.ofDays(1),
            DataSize.ofMebibytes(64));

    final Path folder;
    final Network network;
    final TestResearcher researcher;

    TestFederation(Path folder) throws InterruptedException {
        this.folder = folder;
        // what a test awaits without a limit of its own: a loaded machine may take its time
        Awaitility.setDefaultTimeout(TestResearcher.PATIENCE);
        var home = folder.resolve("network");
        Network.init(
                home,
                NetworkConfig.DEFAULTS.withBind("127.0.0.1").withPorts(0, 0).withHosts(List.of("localhost")));
        network = Network.start(home);
        researcher =
                new TestResearcher(folder.resolve("researcher"), network.invite(Role.RESEARCHER, PartyId.of("ana")));
    }

    static NodeConfig withJobLimit(Duration limit) {
        return small(Map.of("JOB_LIMIT", DurationText.of(limit)));
    }

    static NodeConfig withSandbox(SandboxKind sandbox) {
        return small(Map.of("SANDBOX", sandbox == SandboxKind.JVM_ONLY ? "jvm-only" : "bubblewrap"));
    }

    /** In a hurry to end workers without work. */
    static NodeConfig withIdle(Duration idle, DataSize reserve) {
        return small(Map.of("WORKER_IDLE", DurationText.of(idle), "MEMORY_RESERVE", reserve.toString()));
    }

    static NodeConfig withMemory(DataSize heap, DataSize memory) {
        return small(Map.of("WORKER_HEAP", heap.toString(), "WORKER_MEMORY", memory.toString()));
    }

    /** {@link #SMALL} with other settings, as the environment gives them. */
    private static NodeConfig small(Map<String, String> settings) {
        var environment = new HashMap<String, String>();
        settings.forEach((name, value) -> environment.put(NodeConfig.ENVIRONMENT_PREFIX + "_" + name, value));
        return HomeConfig.of(NodeConfig.ENVIRONMENT_PREFIX, SMALL).read(Path.of("no-home"), environment);
    }

    /** Another researcher, whom nobody trusts yet. */
    TestResearcher researcher(String name) throws InterruptedException {
        return new TestResearcher(folder.resolve(name), network.invite(Role.RESEARCHER, PartyId.of(name)));
    }

    Path initNode(String name) {
        var home = folder.resolve(name);
        NodeSetup.init(home, network.invite(Role.NODE, PartyId.of(name)).token(), Clock.systemUTC());
        return home;
    }

    Node startNode(String name, NodeConfig config) throws InterruptedException {
        var node = Node.open(initNode(name), config, Clock.systemUTC());
        node.start();
        if (!node.awaitConnected(TestResearcher.PATIENCE.toMillis())) {
            throw new AssertionError("the node did not connect");
        }
        return node;
    }

    /** A node that trusts the researcher. */
    Node startTrustingNode(String name, NodeConfig config) throws InterruptedException {
        var node = startNode(name, config);
        node.trusted().trust(researcher.party(), researcher.identity.keys().fingerprint());
        researcher.trust(node);
        return node;
    }

    DatasetDescription share(Node node, int rows) throws IOException {
        return share(
                node, "Sick people", TestPlans.table(rows, node.party().value().hashCode()));
    }

    DatasetDescription share(Node node, String name, String csv) throws IOException {
        var file = Files.writeString(folder.resolve(node.party() + " " + name + ".csv"), csv);
        return node.datasets()
                .add(new StoredDataset("csv", file), name, List.of("sick"), "")
                .description();
    }

    void approve(Node node, String plan) {
        var source = new PlanSource(plan);
        node.plans().request(researcher.party(), source, "please");
        node.plans().decide(source.id(), PlanStatus.APPROVED, "");
    }

    /** A job that may be done: data shared, plan approved, model published. */
    Job permittedJob(Node node, String plan) throws IOException {
        approve(node, plan);
        return researcher.job(node, share(node, 100), plan, researcher.publishModel(folder, node.party()));
    }

    @Override
    public void close() {
        researcher.close();
        network.close();
    }
}
