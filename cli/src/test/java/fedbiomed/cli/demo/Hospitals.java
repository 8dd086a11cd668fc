package fedbiomed.cli.demo;

import static org.awaitility.Awaitility.await;

import fedbiomed.cli.Main;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.strategy.ManagedStrategy;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The demo's federation for tests that end its processes: what was killed can be brought up again. */
final class Hospitals implements AutoCloseable {
    static final List<String> NAMES = HospitalSplit.hospitals();
    static final int ROUNDS = 3;
    /** For what is a matter of seconds, on a machine that is slow and busy with other things. */
    static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int EPOCHS = 20;

    private final Path folder;
    private final DemoFederation federation;

    private Hospitals(Path folder, DemoFederation federation) {
        this.folder = folder;
        this.federation = federation;
    }

    static Hospitals start(Path folder) throws IOException, InterruptedException {
        var hospitals = in(folder);
        hospitals.federation.startNetwork();
        hospitals.enrolAndStart();
        return hospitals;
    }

    /** Not started yet. */
    static Hospitals in(Path folder) throws IOException {
        System.setProperty(
                "fedbiomed.examples",
                Path.of("..", "examples").toAbsolutePath().normalize().toString());
        return new Hospitals(folder, new DemoFederation(folder, new Commands(Main::commandLine)));
    }

    /** Once the Network runs. */
    void enrolAndStart() throws IOException, InterruptedException {
        var tables = HospitalSplit.write(
                DemoPlan.examples().resolve("breast-cancer.csv"), Files.createDirectories(folder.resolve("data")));
        federation.enrolResearcher();
        for (var table : tables.entrySet()) {
            federation.enrolNode(table.getKey());
            federation.addDataset(table.getKey(), table.getValue());
            federation.startNode(table.getKey());
        }
        for (var hospital : tables.keySet()) {
            federation.awaitNode(hospital);
        }
    }

    DemoFederation federation() {
        return federation;
    }

    ProcessHandle process(String name) {
        return federation.processes().handle(name);
    }

    /** Starts what an earlier test has left dead. */
    void bringUp() throws InterruptedException {
        if (!process("network").isAlive()) {
            federation.restartNetwork();
        }
        for (var node : NAMES) {
            if (!process(node).isAlive()) {
                federation.startNode(node);
                federation.awaitNode(node);
            }
        }
    }

    /** A researcher who sees all nodes. */
    Researcher researcher() {
        var researcher = Researcher.open(federation.researcherHome());
        NAMES.forEach(node -> awaitOnline(researcher, node));
        return researcher;
    }

    static void awaitOnline(Researcher researcher, String node) {
        await(node + " is there").atMost(PATIENCE).until(() -> researcher.online(PartyId.of(node)));
    }

    /** Every experiment has the same seed: what was interrupted must end with the bytes of what was not. */
    ExperimentBuilder experiment(Researcher researcher, String name, ManagedStrategy strategy) {
        return Experiment.builder(researcher)
                .tags(DemoFederation.TAG)
                .plan(DemoPlan.LINEAR.file())
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant"))
                .trainingArgs(args ->
                        args.epochs(EPOCHS).batchSize(16).testRatio(0.25).testOnGlobalUpdates(true))
                .strategy(strategy)
                .rounds(ROUNDS)
                .seed(7)
                .folder(folder.resolve("experiments").resolve(name));
    }

    /** Runs the first experiment, which needs the data managers' approval of its plan. */
    void runApproved(Experiment experiment) throws InterruptedException {
        var approval = Thread.ofVirtual().start(() -> {
            try {
                federation.approvePlans(DemoPlan.LINEAR.className());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            experiment.run();
        } finally {
            approval.interrupt();
            approval.join();
        }
    }

    NodeJournal journal(String node) {
        return new NodeJournal(federation.nodeHome(node));
    }

    static String run(Experiment experiment) {
        return Objects.requireNonNull(experiment.arguments().begun(), "not begun")
                .runId();
    }

    /** Waits until {@code busy} is at work on {@code round}, and the other hospitals' answers lie on the researcher's disk. */
    void awaitMiddle(Experiment experiment, int round, String busy) {
        var answers = experiment
                .folder()
                .resolve("rounds")
                .resolve(String.format("%04d.part", round))
                .resolve("answers");
        await("the other hospitals' answers").atMost(PATIENCE).until(() -> count(answers) == NAMES.size() - 1);
        await(busy + " is at work")
                .atMost(PATIENCE)
                .until(() -> journal(busy).trainings(run(experiment)).stream()
                        .anyMatch(training ->
                                training.round() == round && training.attempts() == 1 && !training.answered()));
    }

    private static long count(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    @Override
    public void close() {
        federation.close();
    }
}
