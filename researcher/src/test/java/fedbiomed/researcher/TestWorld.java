package fedbiomed.researcher;

import fedbiomed.network.Network;
import fedbiomed.network.NetworkConfig;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.awaitility.Awaitility;

/** A real Network, nodes that train, and a researcher's home, all in a folder. */
public final class TestWorld implements AutoCloseable {
    public static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    static final Duration PATIENCE = Duration.ofSeconds(90);

    public final Path folder;
    public final Path plan;
    public final List<TestNode> nodes = new ArrayList<>();
    private Network network;
    private final Identity researcher;

    public TestWorld(Path folder) throws IOException {
        this.folder = folder;
        // what a test awaits without a limit of its own: a loaded machine may take its time
        Awaitility.setDefaultTimeout(PATIENCE);
        this.plan = Files.writeString(folder.resolve("SickPlan.java"), PLAN);
        Network.init(
                folder.resolve("network"),
                NetworkConfig.DEFAULTS
                        .withBind("127.0.0.1")
                        .withPorts(FreePorts.next(), FreePorts.next())
                        .withQuotas(NetworkConfig.DEFAULTS.quotas(), DataSize.ofMebibytes(1)));
        network = start();
        researcher = ResearcherSetup.init(
                home(), network.invite(Role.RESEARCHER, PartyId.of("rita")).token(), Clock.systemUTC());
    }

    private Network start() {
        return Network.start(folder.resolve("network"), Map.of(), Clock.systemUTC());
    }

    public void restartNetwork() {
        network.close();
        network = start();
    }

    /** The researcher's. */
    public Path home() {
        return folder.resolve("researcher");
    }

    /** Connected, and told by all nodes that they are there. */
    public Researcher researcher() {
        var researcher = Researcher.open(home());
        nodes.forEach(node -> awaitOnline(researcher, node));
        return researcher;
    }

    /** Until {@code researcher} has heard of {@code node}: presence comes after the connection, on its own time. */
    public static void awaitOnline(Researcher researcher, TestNode node) {
        Awaitility.await().until(() -> researcher.online(node.party));
    }

    /** A node with so many generated rows, trusted both ways, that knows the plan. */
    public TestNode node(String name, int rows) throws IOException, InterruptedException {
        var node = stranger(name, rows);
        new TrustedParties(home(), Clock.systemUTC())
                .trust(node.party, node.identity().keys().fingerprint());
        return node;
    }

    /** As {@link #node}, but nobody has compared its fingerprint yet. */
    public TestNode stranger(String name, int rows) throws IOException, InterruptedException {
        var home = folder.resolve(name);
        var transport = EnrolmentClient.enrol(network.invite(Role.NODE, PartyId.of(name)), home, Clock.systemUTC());
        var data = Files.writeString(home.resolve("sick.csv"), table(rows, name.hashCode()));
        var node = new TestNode(home, transport, data, "sick", "test");
        node.knows(researcher);
        node.plan(new PlanSource(PLAN));
        node.start();
        nodes.add(node);
        return node;
    }

    private static String table(int rows, long seed) {
        var random = new SplittableRandom(seed);
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s%n".formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no"));
        }
        return csv.toString();
    }

    @Override
    public void close() {
        nodes.forEach(TestNode::close);
        network.close();
    }
}
