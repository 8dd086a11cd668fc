package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code node start} as a process, killed in the middle of a training. */
class KilledNodeTest {
    @TempDir
    Path folder;

    /** Goes on only in a worker with a heap for it, so that the test decides whether the training ends. */
    private static final String PATIENT = TestPlans.doing("while (true) { try { byte[] large = new byte[100 << 20];"
            + " if (large.length > 0) break; } catch (OutOfMemoryError e) { System.out.println(\"not yet\"); } }");

    private static final Map<String, String> LITTLE_HEAP = Map.of("FEDBIOMED_NODE_WORKER_HEAP", "32 MiB");

    @Test
    void aKilledNodeTakesUpWhatWasOpenAndLeavesNoProcess() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var researcher = federation.researcher;
            var home = federation.initNode("hospital-a");
            var job = prepare(federation, home, PATIENT, researcher::publishModel);

            var node = startNode(home, LITTLE_HEAP);
            var id = researcher.send(job.participant().node(), new Request.Train(job));
            var worker = Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> node.descendants().findFirst(), java.util.Optional::isPresent)
                    .orElseThrow();
            node.destroyForcibly().waitFor();
            Awaitility.await().until(() -> !worker.isAlive());

            var again = startNode(home, Map.of());
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> !researcher.repliesTo(id).isEmpty());
            assertThat(researcher.repliesTo(id).getFirst()).isInstanceOf(Reply.Train.class);

            var left = again.descendants().toList();
            again.destroy();
            assertThat(again.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(again.exitValue()).as("SIGTERM is a clean stop").isZero();
            assertThat(left).isNotEmpty();
            // the last of a sandbox is reaped by the machine's first process, when that gets round to it
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> left.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void aKilledNodeStillHasWhatItsPlansKeepThere() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var researcher = federation.researcher;
            var home = federation.initNode("hospital-a");
            var job = prepare(federation, home, TestPlans.LOCAL_LAYER, researcher::publishLocalLayer);
            var party = job.participant().node();

            var node = startNode(home, Map.of());
            var first = Reply.Train.class.cast(researcher.ask(party, new Request.Train(job)));
            assertThat(first.stateKept()).isTrue();
            // whole while the node lives: a second round from it, of another run, to compare with
            var branch = new Request.Train(TestResearcher.from(job, "run-2", 2, first.request()));
            var uninterrupted = Reply.Train.class.cast(researcher.ask(party, branch));
            node.destroyForcibly().waitFor();

            var again = startNode(home, Map.of());
            var second = Reply.Train.class.cast(researcher.ask(
                    party, new Request.Train(TestResearcher.from(job, job.runId(), 2, first.request()))));
            assertThat(second.update().sha256())
                    .isEqualTo(uninterrupted.update().sha256())
                    .isNotEqualTo(Reply.Train.class
                            .cast(researcher.ask(
                                    party, new Request.Train(TestResearcher.from(job, job.runId(), 2, null))))
                            .update()
                            .sha256());
            again.destroy();
            assertThat(again.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
    }

    private interface Publication {
        ParametersRef to(Path folder, PartyId node) throws IOException;
    }

    private Job prepare(TestFederation federation, Path home, String plan, Publication model) throws IOException {
        var clock = Clock.systemUTC();
        var researcher = federation.researcher;
        var node = Identity.load(home).party();
        new TrustedParties(home, clock)
                .trust(researcher.party(), researcher.identity.keys().fingerprint());
        try (var database = NodeDatabase.open(home)) {
            var source = new PlanSource(plan);
            var plans = new PlanRegistry(database, new AttachmentStore(home), clock);
            plans.request(researcher.party(), source, "");
            plans.decide(source.id(), PlanStatus.APPROVED, "");
            var file = Files.writeString(folder.resolve("data.csv"), TestPlans.table(100, 1));
            var dataset = new DatasetRegistry(database, clock)
                    .add(new StoredDataset("csv", file), "Sick people", List.of("sick"), "")
                    .description();
            return new Job(
                    "run-1",
                    1,
                    0,
                    researcher.party(),
                    new Participant(node, dataset.id()),
                    dataset.fingerprint(),
                    source.id(),
                    Args.NONE,
                    fedbiomed.vocabulary.TrainingArgs.builder().build(),
                    null,
                    TestResearcher.MOMENTS,
                    model.to(folder, node));
        }
    }

    /** Returns when the node has said that it is ready. */
    private static Process startNode(Path home, Map<String, String> settings) throws IOException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        "start",
                        "--home",
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(settings);
        builder.environment()
                .put("FEDBIOMED_NODE_SANDBOX", Sandboxes.HERE == SandboxKind.BUBBLEWRAP ? "bubblewrap" : "jvm-only");
        var process = builder.start();
        var line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        // on a loaded machine it may still be on its way to the Network, and says so
        assertThat(line).contains("Node 'hospital-a' ");
        return process;
    }
}
