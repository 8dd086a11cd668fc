package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.OutcomeStatus;
import fedbiomed.researcher.experiment.ParticipantOutcome;
import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ordinary experiment, over simulated nodes that are there, fail, are late, gone or hostile. */
class SimulatedFederationTest {
    @TempDir
    Path folder;

    private Path plan;
    private Path small;
    private Path large;

    @BeforeEach
    void write() throws IOException {
        plan = Sick.plan(folder);
        small = Sick.table(folder.resolve("small.csv"), 80, 1);
        large = Sick.table(folder.resolve("large.csv"), 120, 2);
    }

    private SimulatedFederation federation() {
        var federation = SimulatedFederation.builder(folder.resolve("simulation"))
                .seed(3)
                .open();
        federation.addNode("hospital-a", small, "sick");
        federation.addNode("hospital-b", large, "sick");
        return federation;
    }

    private static ParticipantOutcome outcome(RoundSummary summary, String node) {
        return summary.outcomes().stream()
                .filter(outcome -> outcome.participant().node().equals(PartyId.of(node)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anExperimentRunsAsEverywhere() throws IOException {
        try (var federation = federation()) {
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .trainingArgs(args -> args.testOnGlobalUpdates(true))
                    .rounds(3)
                    .build();
            experiment.run();
            assertThat(experiment.finishedRounds()).isEqualTo(3);
            assertThat(experiment.summary(3).accepted()).isEqualTo(2);
            var test = experiment.finalTest().orElseThrow();
            assertThat(test.pooled().get("accuracy")).isGreaterThan(0.9);
            assertThat(experiment.report()).exists();
            // models on their way, and what jobs wrote, are gone when they have arrived
            try (var shared = Files.list(folder.resolve("simulation/shared"))) {
                assertThat(shared).isEmpty();
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameModelWhoeverAnswersFirst() throws IOException {
        byte[] first;
        try (var federation = federation()) {
            var experiment =
                    Sick.experiment(federation, plan, folder.resolve("first")).build();
            experiment.run();
            first = Files.readAllBytes(experiment.globalModel().file());
            federation.node("hospital-a").behaviour(Behaviour.late(Duration.ofMillis(300)));
            var again =
                    Sick.experiment(federation, plan, folder.resolve("again")).build();
            again.run();
            assertThat(Files.readAllBytes(again.globalModel().file())).isEqualTo(first);
        }
    }

    @Test
    void aNodeThatFailsIsReportedAndTheRoundGoesOn() {
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(Behaviour.failing("the disk of hospital B is full"));
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .strategy(Strategy.all().quorum(1).deadline(Duration.ofMinutes(5)))
                    .build();
            experiment.run();
            var failed = outcome(experiment.summary(1), "hospital-b");
            assertThat(failed.status()).isEqualTo(OutcomeStatus.FAILED);
            assertThat(failed.text()).contains("the disk of hospital B is full");
            assertThat(experiment.summary(1).accepted()).isOne();
        }
    }

    /** Of 60 training rows there are 4 batches of 16, of 90 there are 6. */
    @Test
    void aStragglerSendsWhatItHasGotDone() {
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(Behaviour.straggling((asked, round, _) -> asked - round));
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .trainingArgs(args -> args.epochs(4))
                    .build();
            for (int round = 1; round <= 2; round++) {
                var summary = experiment.runRound();
                assertThat(updates(summary, "hospital-a")).isEqualTo(4 * 4);
                assertThat(updates(summary, "hospital-b")).isEqualTo(6L * (4 - round));
            }
            federation.node("hospital-b").behaviour(Behaviour.straggling((asked, _, _) -> asked + 1));
            assertThatThrownBy(experiment::runRound)
                    .isInstanceOf(RoundFailed.class)
                    .hasMessageContaining("1 to 4");
        }
    }

    private static long updates(RoundSummary round, String node) {
        return Objects.requireNonNull(outcome(round, node).reply()).updates();
    }

    @Test
    void aNodeThatIsGoneIsAbsentAndTakesPartWhenItIsBack() {
        try (var federation = federation()) {
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .strategy(Strategy.all()
                            .quorum(1)
                            .deadline(Duration.ofMinutes(5))
                            .absentAfter(Duration.ofMillis(200)))
                    .build();
            experiment.runRound();
            federation.node("hospital-b").behaviour(Behaviour.offline());
            var without = experiment.runRound();
            assertThat(outcome(without, "hospital-b").status()).isEqualTo(OutcomeStatus.ABSENT);
            federation.node("hospital-b").behaviour(Behaviour.honest());
            assertThat(experiment.runRound().accepted()).isEqualTo(2);
        }
    }

    @Test
    void aNodeThatIsTooLateIsLeftOut() {
        try (var federation = federation()) {
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(8)))
                    .build();
            experiment.runRound();
            federation.node("hospital-b").behaviour(Behaviour.late(Duration.ofHours(1)));
            var round = experiment.runRound();
            assertThat(outcome(round, "hospital-a").status()).isEqualTo(OutcomeStatus.ACCEPTED);
            assertThat(outcome(round, "hospital-b").status()).isEqualTo(OutcomeStatus.LATE);
        }
    }

    @Test
    void aFlippedUpdatePointsTheOtherWay() throws IOException {
        var honest = update("honest", Behaviour.honest());
        var flipped = update("flipped", Behaviour.hostile(UpdateTransformation.signFlip()));
        var tripled = update("tripled", Behaviour.hostile(UpdateTransformation.scale(3)));
        for (int i = 0; i < honest.length; i++) {
            assertThat(flipped[i]).isEqualTo(-honest[i]);
            assertThat(tripled[i]).isEqualTo(3 * honest[i], org.assertj.core.data.Offset.offset(1e-6));
        }
        assertThat(honest).isNotEqualTo(flipped);
    }

    @Test
    void noiseIsTheSameWithTheSameSeed() throws IOException {
        var noisy = Behaviour.hostile(UpdateTransformation.noise(0.1));
        var first = update("first", noisy);
        assertThat(update("second", noisy)).isEqualTo(first);
        assertThat(update("third", Behaviour.honest())).isNotEqualTo(first);
    }

    /** What hospital B's update of round 1 says of the weights; the model begins with zeros. */
    private double[] update(String name, Behaviour behaviour) throws IOException {
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(behaviour);
            var experiment = Sick.experiment(federation, plan, folder.resolve(name))
                    .retainFullHistory(true)
                    .build();
            experiment.runRound();
            try (Stream<Path> updates = Files.list(experiment.folder().resolve("rounds/0001/updates"))) {
                var file = updates.filter(
                                update -> update.getFileName().toString().startsWith("hospital-b"))
                        .findFirst()
                        .orElseThrow();
                try (var mapped = Safetensors.open(file)) {
                    return mapped.parameters().get("coef").toDoubles();
                }
            }
        }
    }

    @Test
    void anUpdateThatIsNoNumberIsRefusedByTheResearcher() {
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(Behaviour.hostile(UpdateTransformation.nan()));
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .strategy(Strategy.all().quorum(1).deadline(Duration.ofMinutes(5)))
                    .build();
            var round = experiment.runRound();
            assertThat(outcome(round, "hospital-b").status()).isEqualTo(OutcomeStatus.REFUSED);
            assertThat(round.accepted()).isOne();
        }
    }

    @Test
    void aPlanThatIsNotApprovedDoesNotRun() {
        try (var federation = SimulatedFederation.builder(folder.resolve("simulation"))
                .approves(source -> !source.className().equals("SickPlan"))
                .open()) {
            federation.addNode("hospital-a", small, "sick");
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .build();
            assertThatThrownBy(experiment::run)
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_REJECTED));
        }
    }

    @Test
    void aBrokenRoundIsResumedFromTheFolderAndGivesTheSameModel() throws IOException {
        byte[] uninterrupted;
        try (var federation = federation()) {
            var experiment =
                    Sick.experiment(federation, plan, folder.resolve("whole")).build();
            experiment.run();
            uninterrupted = Files.readAllBytes(experiment.globalModel().file());
        }
        Path begun;
        try (var federation = federation()) {
            var experiment = Sick.experiment(federation, plan, folder.resolve("broken"))
                    .strategy(Strategy.all().deadline(Duration.ofMinutes(5)).absentAfter(Duration.ofMillis(200)))
                    .build();
            begun = experiment.folder();
            experiment.runRound();
            federation.node("hospital-b").behaviour(Behaviour.failing("it stumbles"));
            assertThatThrownBy(experiment::run).isInstanceOf(RoundFailed.class);
        }
        // everything is opened again, as after the end of the program
        try (var federation = SimulatedFederation.builder(folder.resolve("simulation"))
                .seed(3)
                .open()) {
            assertThat(federation.nodes()).hasSize(2);
            var resumed = Experiment.resume(federation.researcher(), begun);
            resumed.run();
            assertThat(resumed.finishedRounds()).isEqualTo(2);
            assertThat(Files.readAllBytes(resumed.globalModel().file())).isEqualTo(uninterrupted);
        }
    }

    /** What nodes have answered is remembered by the program alone; whoever asks again after its end gets the same bytes. */
    @Test
    void nodesTrainAgainAfterTheEndOfTheProgramAndToTheSameModel() throws IOException {
        Path begun;
        byte[] first;
        try (var federation = federation()) {
            var experiment =
                    Sick.experiment(federation, plan, folder.resolve("lost")).build();
            experiment.run();
            begun = experiment.folder();
            first = Files.readAllBytes(experiment.globalModel().file());
        }
        try (var files = Files.list(begun.resolve("rounds/0002"))) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(begun.resolve("rounds/0002"));
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(Behaviour.failing("it is asked to train again"));
            var resumed = Experiment.resume(federation.researcher(), begun);
            assertThatThrownBy(resumed::run)
                    .isInstanceOf(RoundFailed.class)
                    .hasMessageContaining("it is asked to train again");
            federation.node("hospital-b").behaviour(Behaviour.honest());
            var once = Experiment.resume(federation.researcher(), begun);
            once.run();
            assertThat(Files.readAllBytes(once.globalModel().file())).isEqualTo(first);
        }
    }

    @Test
    void aResearcherWhoStopsInMidRoundGoesOnThere() throws InterruptedException {
        try (var federation = federation()) {
            federation.node("hospital-b").behaviour(Behaviour.late(Duration.ofHours(1)));
            var answered = new CountDownLatch(1);
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .listener(new ExperimentListener() {
                        @Override
                        public void participantChanged(
                                int round, fedbiomed.vocabulary.Participant participant, String state) {
                            if (round == 1 && state.equals("answered")) {
                                answered.countDown();
                            }
                        }
                    });
            federation.node("hospital-b").behaviour(Behaviour.honest());
            var built = experiment.build();
            // statistics first, from both; then only one answers
            var runner = Thread.ofVirtual().unstarted(() -> {
                try {
                    built.run();
                } catch (FedbiomedException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED);
                }
            });
            built.listener(new ExperimentListener() {
                @Override
                public void roundStarted(
                        int round, int all, java.util.SortedSet<fedbiomed.vocabulary.Participant> asked) {
                    federation.node("hospital-b").behaviour(Behaviour.late(Duration.ofHours(1)));
                }
            });
            runner.start();
            answered.await();
            runner.interrupt();
            runner.join();
            assertThat(built.finishedRounds()).isZero();

            federation.node("hospital-b").behaviour(Behaviour.honest());
            var resumed = Experiment.resume(federation.researcher(), built.folder());
            resumed.run();
            assertThat(resumed.finishedRounds()).isEqualTo(2);
        }
    }

    @Test
    void twoProgramsDoNotShareAFolder() {
        try (var _ = federation()) {
            assertThatThrownBy(() -> SimulatedFederation.builder(folder.resolve("simulation"))
                            .open())
                    .isInstanceOfSatisfying(FedbiomedException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.BUSY);
                        assertThat(e.text()).contains("is open already");
                    });
        }
    }

    @Test
    void aNodeIsNotNamedAsTheResearcher() {
        try (var federation = federation()) {
            assertThatThrownBy(() -> federation.addNode("researcher"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is the researcher's name");
            assertThatThrownBy(() -> federation.node("hospital-c"))
                    .hasMessageContaining("there is no node 'hospital-c'");
        }
    }

    @Test
    void aRequestOfAnotherDatasetIsRefusedAsAtARealNode() throws IOException {
        try (var federation = federation()) {
            var experiment = Sick.experiment(federation, plan, folder.resolve("experiment"))
                    .strategy(Strategy.all().quorum(1).deadline(Duration.ofMinutes(5)))
                    .build();
            experiment.runRound();
            Sick.table(large, 120, 99);
            var round = experiment.runRound();
            assertThat(outcome(round, "hospital-b").code()).isEqualTo(ErrorCode.DATASET_CHANGED);
        }
    }
}
