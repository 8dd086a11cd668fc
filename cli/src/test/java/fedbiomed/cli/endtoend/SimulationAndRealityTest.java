package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.Node;
import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hospitals over a real Network, with workers in processes of their own, and the same two simulated. */
class SimulationAndRealityTest {
    private static final long CONNECT_MILLIS = 60_000;

    private static final String LINEAR = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    @TempDir
    static Path folder;

    private static Federation real;
    private static Node second;
    private static Path first;
    private static Path other;

    @BeforeAll
    static void start() throws Exception {
        real = new Federation(Files.createDirectory(folder.resolve("real")), Federation.NODE);
        real.trustEachOther();
        var clock = Clock.systemUTC();
        var home = real.folder.resolve("node-b");
        NodeSetup.init(
                home, real.network.invite(Role.NODE, PartyId.of("hospital-b")).token(), clock);
        second = Node.open(home, Federation.NODE, clock);
        second.start();
        assertThat(second.awaitConnected(CONNECT_MILLIS)).isTrue();
        second.trusted()
                .trust(
                        PartyId.of("rita"),
                        Identity.load(real.researcherHome()).keys().fingerprint());
        new TrustedParties(real.researcherHome(), clock)
                .trust(second.party(), Identity.load(home).keys().fingerprint());
        first = table("rows-a", 90, 1);
        other = table("rows-b", 60, 2);
        add(real.node(), "rows-a", first);
        add(second, "rows-b", other);
    }

    @AfterAll
    static void stop() {
        second.close();
        real.close();
    }

    private static Path table(String name, int rows, long seed) throws IOException {
        var random = new SplittableRandom(seed);
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble();
            double b = random.nextDouble();
            csv.append("P%03d,%.4f,%.4f,%s%n".formatted(i, 100 + 20 * a, 5 + 2 * b, a + b > 1 ? "yes" : "no"));
        }
        return Files.writeString(folder.resolve(name + ".csv"), csv);
    }

    private static void add(Node node, String name, Path csv) {
        node.datasets().add(new StoredDataset(DatasetKinds.CSV, csv), name, List.of("sick"), "");
    }

    private static byte[] inReality(String plan, String... arguments) throws IOException {
        var source = new PlanSource(plan);
        second.plans().request(PartyId.of("rita"), source, "");
        second.plans().decide(source.id(), PlanStatus.APPROVED, "");
        var run = real.run(plan, arguments);
        assertThat(run.exit()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("\"participants\":2", "\"accepted\":2");
        return Files.readAllBytes(real.lastRun().resolve("rounds/0003/global.safetensors"));
    }

    private static byte[] simulated(String name, String plan, Map<String, Object> modelArgs) throws IOException {
        var home = Files.createDirectories(folder.resolve(name));
        var file = Files.writeString(home.resolve(new PlanSource(plan).className() + ".java"), plan);
        try (var federation =
                SimulatedFederation.builder(home.resolve("simulation")).open()) {
            federation.addNode("hospital-a", first, "sick");
            federation.addNode("hospital-b", other, "sick");
            var experiment = Experiment.builder(federation.researcher())
                    .tags("sick")
                    .plan(file)
                    .modelArgs(modelArgs)
                    .trainingArgs(args -> args.epochs(2).batchSize(8).testRatio(0.25))
                    .strategy(Strategy.all())
                    .rounds(3)
                    .seed(7)
                    .folder(home.resolve("experiment"))
                    .build();
            experiment.run();
            return Files.readAllBytes(experiment.globalModel().file());
        }
    }

    @Test
    void aLinearModelIsTheSameBitForBit() throws IOException {
        var model = inReality(
                LINEAR,
                "rounds: 3",
                "model_args: {loss: log_loss, learning_rate: constant, eta0: 0.5}",
                "training_args: {epochs: 2, loader_args: {batch_size: 8}, test_ratio: 0.25}");
        assertThat(simulated("linear", LINEAR, Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5)))
                .isEqualTo(model);
    }
}
