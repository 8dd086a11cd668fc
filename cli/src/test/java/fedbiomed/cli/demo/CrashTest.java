package fedbiomed.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.cli.Main;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.OutcomeStatus;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of each party in the middle of a round, over real processes: a Network, three nodes with their workers, and a
 * researcher. Every run has the same seed, so what was interrupted must end with the bytes of what was not.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashTest {
    private static final int ROUNDS = 3;
    /** Enough epochs that a round takes seconds, and a kill hits it in the middle. */
    private static final int EPOCHS = 12_000;

    private static final String VICTIM = "general-hospital";

    @TempDir
    static Path folder;

    private static DemoFederation federation;
    private static Path planFile;
    private static String uninterrupted;

    @BeforeAll
    static void aFederation() throws Exception {
        System.setProperty(
                "fedbiomed.examples",
                Path.of("..", "examples").toAbsolutePath().normalize().toString());
        planFile = DemoPlan.LINEAR.file();
        federation = new DemoFederation(folder, new Commands(Main::commandLine));
        var tables = HospitalSplit.write(
                DemoPlan.examples().resolve("breast-cancer.csv"), Files.createDirectories(folder.resolve("data")));
        federation.startNetwork();
        federation.enrolResearcher();
        for (var table : tables.entrySet()) {
            federation.enrolNode(table.getKey());
            federation.addDataset(table.getKey(), table.getValue());
            federation.startNode(table.getKey());
        }
        for (var hospital : tables.keySet()) {
            federation.awaitNode(hospital);
        }
        try (var researcher = Researcher.open(federation.researcherHome())) {
            var experiment = experiment(researcher, "uninterrupted", Strategy.all());
            var approval = Thread.ofVirtual().start(() -> {
                try {
                    federation.approvePlans(DemoPlan.LINEAR.className());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            experiment.run();
            approval.join();
            uninterrupted = Sha256.of(experiment.globalModel().file());
        }
    }

    @AfterAll
    static void end() {
        if (federation != null) {
            federation.close();
        }
    }

    private static Experiment experiment(Researcher researcher, String name, Strategy strategy) {
        return Experiment.builder(researcher)
                .tags(DemoFederation.TAG)
                .plan(planFile)
                .trainingArgs(args ->
                        args.epochs(EPOCHS).batchSize(16).testRatio(0.25).testOnGlobalUpdates(true))
                .strategy(strategy)
                .rounds(ROUNDS)
                .seed(7)
                .folder(folder.resolve("experiments").resolve(name))
                .build();
    }

    /** Lets {@code act} happen in the middle of round {@code atRound}. */
    private static ExperimentListener inTheMiddleOf(int atRound, List<RoundSummary> finished, Runnable act) {
        return new ExperimentListener() {
            @Override
            public void roundStarted(int round, int rounds, SortedSet<Participant> asked) {
                if (round == atRound) {
                    Thread.ofVirtual().start(() -> {
                        sleep(400);
                        act.run();
                    });
                }
            }

            @Override
            public void roundFinished(RoundSummary summary) {
                finished.add(summary);
            }
        };
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Order(1)
    void theSameSeedGivesTheSameBytes() {
        try (var researcher = Researcher.open(federation.researcherHome())) {
            var again = experiment(researcher, "again", Strategy.all());
            again.run();
            assertThat(Sha256.of(again.globalModel().file())).isEqualTo(uninterrupted);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @Order(2)
    void aKilledNetworkComesBackAndTheRoundFinishesWithNothingLost() throws Exception {
        var finished = new ArrayList<RoundSummary>();
        try (var researcher = Researcher.open(federation.researcherHome())) {
            var experiment = experiment(researcher, "network-killed", Strategy.all());
            experiment.listener(inTheMiddleOf(2, finished, () -> {
                try {
                    federation.processes().kill("network");
                    federation.restartNetwork();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            experiment.run();
            assertThat(finished).hasSize(ROUNDS);
            assertThat(Sha256.of(experiment.globalModel().file())).isEqualTo(uninterrupted);
        }
    }

    @Tag("campaign")
    @Test
    @Order(3)
    void aKilledNodeIsReportedTheRoundEndsByQuorumAndTheNodeTakesPartAgain() throws Exception {
        var finished = new ArrayList<RoundSummary>();
        var restarted = new CountDownLatch(1);
        try (var researcher = Researcher.open(federation.researcherHome())) {
            var strategy =
                    Strategy.all().quorum(2).absentAfter(Duration.ofSeconds(1)).deadline(Duration.ofMinutes(2));
            var experiment = experiment(researcher, "node-killed", strategy);
            experiment.listener(inTheMiddleOf(1, finished, () -> {
                try {
                    federation.processes().kill(VICTIM);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
            experiment.runRound();
            var lost = experiment.summary(1).outcomes().stream()
                    .filter(outcome -> outcome.participant().node().value().equals(VICTIM))
                    .findFirst()
                    .orElseThrow();
            assertThat(lost.status()).isEqualTo(OutcomeStatus.ABSENT);
            assertThat(lost.text()).contains("offline");

            federation.startNode(VICTIM);
            federation.awaitNode(VICTIM);
            restarted.countDown();
            experiment.runRound();
            assertThat(experiment.summary(2).outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo(OutcomeStatus.ACCEPTED));
        }
        assertThat(restarted.await(1, TimeUnit.SECONDS)).isTrue();
    }

    @Tag("campaign")
    @Test
    @Order(4)
    void aKilledResearcherResumesAndEndsWithTheSameBytes() throws Exception {
        var yaml = folder.resolve("crash.yaml");
        Files.writeString(yaml, """
                tags: [%s]
                plan: %s
                rounds: %d
                seed: 7
                training_args: {epochs: %d, loader_args: {batch_size: 16}, test_ratio: 0.25, test_on_global_updates: true}
                """.formatted(DemoFederation.TAG, planFile.toAbsolutePath(), ROUNDS, EPOCHS));
        var experiment = folder.resolve("experiments").resolve("researcher-killed");
        federation
                .processes()
                .start(
                        "researcher",
                        "512m",
                        "run",
                        yaml.toString(),
                        "--folder",
                        experiment.toString(),
                        "--home",
                        federation.researcherHome().toString());
        var broken = experiment.resolve("rounds").resolve("0002.part");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(broken)) {
            assertThat(System.nanoTime()).as("round 2 begins").isLessThan(deadline);
            sleep(20);
        }
        sleep(400);
        federation.processes().kill("researcher");
        assertThat(experiment.resolve("rounds").resolve("0002")).doesNotExist();

        new Commands(Main::commandLine)
                .run(
                        "run",
                        "--resume",
                        experiment.toString(),
                        "--home",
                        federation.researcherHome().toString());
        assertThat(Sha256.of(
                        experiment.resolve("rounds").resolve("000" + ROUNDS).resolve("global.safetensors")))
                .isEqualTo(uninterrupted);
    }
}
