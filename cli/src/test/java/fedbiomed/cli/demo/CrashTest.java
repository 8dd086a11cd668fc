package fedbiomed.cli.demo;

import static fedbiomed.cli.demo.Hospitals.PATIENCE;
import static fedbiomed.cli.demo.Hospitals.ROUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.cli.Main;
import fedbiomed.cli.demo.NodeJournal.Training;
import fedbiomed.researcher.command.RunProgress;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.OutcomeStatus;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.strategy.ManagedStrategy;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of each party in the middle of a round, over real processes: a Network, three nodes with their workers, and a
 * researcher. The round is in its middle when two hospitals have answered and the third's worker stands still at it.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class CrashTest {
    /** Of the moments; another one is given by this property. */
    private static final String SEED = "fedbiomed.test.kills";

    private static final String VICTIM = "general-hospital";
    /** A busy machine's reconnections must not look like absence. */
    private static final ManagedStrategy EVERYBODY =
            Strategy.all().absentAfter(Duration.ofMinutes(2)).deadline(Duration.ofMinutes(5));

    @TempDir
    static Path folder;

    private static Hospitals hospitals;
    private static String uninterrupted;

    @BeforeAll
    static void anUninterruptedRun() throws Exception {
        hospitals = Hospitals.start(folder);
        try (var researcher = hospitals.researcher()) {
            var experiment =
                    hospitals.experiment(researcher, "uninterrupted", EVERYBODY).build();
            hospitals.runApproved(experiment);
            uninterrupted = model(experiment);
        }
    }

    @AfterAll
    static void end() {
        if (hospitals != null) {
            hospitals.close();
        }
    }

    @BeforeEach
    void everybodyIsThere() throws InterruptedException {
        hospitals.bringUp();
    }

    private static String model(Experiment experiment) throws IOException {
        return Sha256.of(experiment.globalModel().file());
    }

    /** Nothing was done twice: each hospital has begun each round's training once, and answered it. */
    private static void assertTrainedOnce(String run) {
        assertTrainedOnce(run, ROUNDS);
    }

    private static void assertTrainedOnce(String run, int rounds) {
        var once = IntStream.rangeClosed(1, rounds)
                .mapToObj(round -> new Training(run, round, 1, true))
                .toList();
        assertThat(Hospitals.NAMES)
                .allSatisfy(hospital -> assertThat(hospitals.journal(hospital).trainings(run))
                        .as(hospital)
                        .isEqualTo(once));
    }

    @Test
    void theSameSeedGivesTheSameBytes() throws Exception {
        try (var researcher = hospitals.researcher()) {
            var again = hospitals.experiment(researcher, "again", EVERYBODY).build();
            again.run();
            assertThat(model(again)).isEqualTo(uninterrupted);
        }
    }

    @Test
    void aKilledNetworkComesBackAndTheRoundFinishesWithNothingLostOrDoneTwice() throws Exception {
        try (var researcher = hospitals.researcher()) {
            var experiment = hospitals
                    .experiment(researcher, "network-killed", EVERYBODY)
                    .build();
            experiment.runRound();
            CompletableFuture<RoundSummary> round;
            try (var _ = FrozenWorkers.of(hospitals.process(VICTIM))) {
                round = CompletableFuture.supplyAsync(experiment::runRound);
                hospitals.awaitMiddle(experiment, 2, VICTIM);
                hospitals.federation().processes().kill("network");
                hospitals.federation().restartNetwork();
            }
            assertThat(round.get().outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo(OutcomeStatus.ACCEPTED));
            experiment.run();
            assertThat(model(experiment)).isEqualTo(uninterrupted);
            assertTrainedOnce(Hospitals.run(experiment));
        }
    }

    @Test
    void aKilledNodeIsReportedTheRoundEndsByQuorumAndTheNodeTakesPartAgain() throws Exception {
        var said = new StringWriter();
        try (var researcher = hospitals.researcher();
                var progress = RunProgress.on(new PrintWriter(said))) {
            var experiment = hospitals
                    .experiment(researcher, "node-killed", EVERYBODY.quorum(2).absentAfter(Duration.ofSeconds(1)))
                    .build();
            experiment.listener(progress).runRound();
            try (var workers = FrozenWorkers.of(hospitals.process(VICTIM))) {
                var round = CompletableFuture.supplyAsync(experiment::runRound);
                hospitals.awaitMiddle(experiment, 2, VICTIM);
                hospitals.federation().processes().kill(VICTIM);
                var outcomes = round.get().outcomes();
                assertThat(outcomes).hasSize(3).allSatisfy(outcome -> {
                    boolean lost = outcome.participant().node().value().equals(VICTIM);
                    assertThat(outcome.status()).isEqualTo(lost ? OutcomeStatus.ABSENT : OutcomeStatus.ACCEPTED);
                    assertThat(outcome.text()).isEqualTo(lost ? "its node is offline" : "");
                });
                assertThat(said.toString().lines())
                        .anyMatch(line -> line.startsWith("Round 2: " + VICTIM) && line.endsWith("offline"))
                        .anyMatch(line -> line.startsWith("Round 2 of 3: 2 of 3 answered"));
                workers.close();
                await("the killed node's workers end").atMost(PATIENCE).until(() -> !workers.alive());
            }
            hospitals.bringUp();
            Hospitals.awaitOnline(researcher, VICTIM);
            assertThat(experiment.runRound().outcomes())
                    .allSatisfy(outcome -> assertThat(outcome.status()).isEqualTo(OutcomeStatus.ACCEPTED));
        }
    }

    @Test
    void aKilledResearcherResumesAndNothingIsTrainedTwice() throws Exception {
        Experiment experiment;
        try (var researcher = hospitals.researcher()) {
            experiment = hospitals
                    .experiment(researcher, "researcher-killed", EVERYBODY)
                    .build();
            experiment.runRound();
        }
        var run = Hospitals.run(experiment);
        var resume = new String[] {
            "run",
            "--resume",
            experiment.folder().toString(),
            "--home",
            hospitals.federation().researcherHome().toString()
        };
        try (var _ = FrozenWorkers.of(hospitals.process(VICTIM))) {
            hospitals.federation().processes().start("researcher", "512m", resume);
            hospitals.awaitMiddle(experiment, 2, VICTIM);
            hospitals.federation().processes().kill("researcher");
        }
        // the one that was not done goes on without its researcher, and keeps the answer for it
        await("the third hospital's answer")
                .atMost(PATIENCE)
                .until(() -> hospitals
                        .journal(VICTIM)
                        .trainings(run)
                        .equals(List.of(new Training(run, 1, 1, true), new Training(run, 2, 1, true))));
        assertThat(experiment.finishedRounds()).isEqualTo(1);

        assertThat(new Commands(Main::commandLine).run(resume)).contains("3 rounds, 1 of them done");

        assertThat(model(experiment)).isEqualTo(uninterrupted);
        assertTrainedOnce(run);
    }

    @Test
    void aResearcherKilledAtFiveMomentsEndsWithTheSameBytes() throws Exception {
        killedAt(5, Long.getLong(SEED, 1));
    }

    @Test
    @Tag("campaign")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void aResearcherKilledAtFiftyMomentsEndsWithTheSameBytes() throws Exception {
        killedAt(50, Long.getLong(SEED, System.nanoTime()));
    }

    private void killedAt(int kills, long seed) throws Exception {
        System.out.println("killed " + kills + " times, by -D" + SEED + "=" + seed);
        // an attempt makes one or so
        int rounds = 2 * kills + 2;
        String whole;
        Experiment experiment;
        long start = System.nanoTime();
        try (var researcher = hospitals.researcher()) {
            var twin = hospitals
                    .experiment(researcher, "not-killed-" + kills, EVERYBODY)
                    .rounds(rounds)
                    .build();
            twin.run();
            whole = model(twin);
            experiment = hospitals
                    .experiment(researcher, "killed-" + kills, EVERYBODY)
                    .rounds(rounds)
                    .build();
        }
        var moments = new RandomKills(
                hospitals.federation(),
                experiment,
                Duration.ofNanos((System.nanoTime() - start) / rounds),
                new SplittableRandom(seed));
        for (int kill = 1; kill <= kills; kill++) {
            System.out.println("kill " + kill + " " + moments.once());
        }
        assertThat(new Commands(Main::commandLine).run(moments.resume())).contains(rounds + " rounds, ");
        assertThat(model(experiment)).isEqualTo(whole);
        assertTrainedOnce(Hospitals.run(experiment), rounds);
    }
}
