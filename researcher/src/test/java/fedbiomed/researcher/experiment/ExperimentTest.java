package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Experiments over a real Network, with nodes that are scripted where they are to misbehave. */
class ExperimentTest extends TwoHospitals {
    private static byte[] model(Experiment experiment) throws IOException {
        return Files.readAllBytes(experiment.globalModel().file());
    }

    @Test
    void aCheckBeforeTheFirstRoundSaysWhoIsReadyAndWhoIsWaitedFor() {
        b.planStatus = PlanStatus.PENDING;
        var experiment = builder("checked").build();
        a.plan(PlanSource.read(world.plan));
        var report = experiment.check(Duration.ofSeconds(60));

        assertThat(report.allReady()).isFalse();
        var ready = report.rows().getFirst();
        assertThat(ready.participant()).isEqualTo(a.participant());
        assertThat(ready.ready()).as(ready.problem()).isTrue();
        assertThat(ready.samples()).isEqualTo(60);
        assertThat(ready.batch()).containsExactly(List.of(16L, 2L));
        assertThat(ready.updates()).as("two epochs of four batches").isEqualTo(8);
        assertThat(ready.secondsPerBatch()).isNotNegative();
        var waiting = report.rows().getLast();
        assertThat(waiting.approved()).isFalse();
        assertThat(report.table())
                .contains("hospital-a", "fit", "not tried")
                .contains("- " + b.participant() + ": the plan waits for review");
        assertThat(experiment.planStatus().get(b.party)).contains("awaits its data manager");
        assertThat(experiment.finishedRounds()).isZero();
        assertThat(a.trainings).hasValue(0);
    }

    @Test
    void anExperimentLearnsAndLeavesItsRoundsBehind() throws IOException {
        var scalars = Collections.synchronizedList(new ArrayList<Scalar>());
        var experiment = builder("learns")
                .rounds(5)
                .listener(new ExperimentListener() {
                    @Override
                    public void scalar(Scalar scalar) {
                        scalars.add(scalar);
                    }
                })
                .build();
        experiment.run();

        assertThat(experiment.finishedRounds()).isEqualTo(5);
        assertThat(experiment.summary(5).pooledGlobal().get("accuracy")).isGreaterThan(0.9);
        assertThat(experiment.summary(5).pooledGlobal().get("log_loss"))
                .isLessThan(experiment.summary(1).pooledGlobal().get("log_loss"));
        assertThat(experiment.summary(1).outcomes()).allMatch(o -> o.status() == OutcomeStatus.ACCEPTED);
        assertThat(scalars).extracting(Scalar::name).contains("loss");
        assertThat(Files.readString(folder.resolve("learns/metrics.jsonl"))).contains("\"log_loss\"");
        assertThat(Files.readString(experiment.report())).contains("hospital-a/sick");
        assertThat(folder.resolve("learns/rounds/0005/updates")).doesNotExist();

        var test = experiment.evaluate(experiment.globalModel().file());
        assertThat(test.metrics()).containsOnlyKeys(a.participant(), b.participant());
        assertThat(test.pooled().get("accuracy")).isGreaterThan(0.9);
        // the run has tested it, too: what its last round tested is the model of the round before
        assertThat(experiment.finalTest()).hasValueSatisfying(last -> {
            assertThat(last.pooled())
                    .isEqualTo(test.pooled())
                    .isNotEqualTo(experiment.summary(5).pooledGlobal());
            assertThat(last.rows()).isEqualTo(test.rows());
        });
        assertThat(Files.readString(experiment.report())).contains("The global model, on rows that were held out");
        assertThat(Files.readString(folder.resolve("learns/metrics.jsonl"))).contains("\"test_of_final_model\"");
    }

    @Test
    void theSameSeedGivesTheSameBytesWhoeverAnswersFirst() throws Exception {
        var first = builder("first").build();
        runWithLast(first, a, "hospital-b__sick");
        var second = builder("second").build();
        runWithLast(second, b, "hospital-a__sick");
        assertThat(model(second)).isEqualTo(model(first));
        var other = builder("other").seed(8).build();
        other.run();
        assertThat(model(other)).isNotEqualTo(model(first));
    }

    /** Runs with {@code last} answering last in the first round. */
    private static void runWithLast(Experiment experiment, TestNode last, String other) throws InterruptedException {
        last.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform().start(experiment::run);
        awaitAnswer(experiment, 1, other);
        last.gate.countDown();
        running.join();
        assertThat(experiment.finishedRounds()).isEqualTo(3);
    }

    private static void awaitAnswer(Experiment experiment, int round, String participant) {
        var answer = experiment.folder().resolve("rounds/000" + round + ".part/answers/" + participant + ".json");
        await().until(() -> Files.exists(answer));
    }

    @Test
    void aNodeThatAnswersAnErrorIsNamedAndTheRoundGoesOnWithinTheQuorum() {
        a.script = TestNode.Script.ERROR;
        var experiment = builder("quorum")
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(60)))
                .rounds(1)
                .build();
        var summary = experiment.runRound();
        assertThat(summary.outcomes())
                .extracting(ParticipantOutcome::status)
                .containsExactly(OutcomeStatus.FAILED, OutcomeStatus.ACCEPTED);
        assertThat(summary.outcomes().getFirst().code()).isEqualTo(ErrorCode.PLAN_FAILED);
        assertThat(experiment.summary(1).outcomes().getFirst().text()).contains("line 7");
    }

    @Test
    void withoutItsQuorumTheRoundFailsAndIsResumableWithoutTrainingTwice() throws IOException {
        a.script = TestNode.Script.ERROR;
        var experiment = builder("fails").rounds(2).build();
        assertThatThrownBy(experiment::run)
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("round 1 failed: 1 of 2 participants answered, 2 are needed")
                .hasMessageContaining("hospital-a/sick: failed (PLAN_FAILED)")
                .hasMessageContaining("--resume");
        assertThat(b.trainings).hasValue(1);
        assertThat(experiment.brokenRound()).hasSize(2);
        assertThat(Files.readString(experiment.report()))
                .contains("0 of 2 rounds", "Round 1 was given up: hospital-a/sick: failed (PLAN_FAILED)");

        a.script = TestNode.Script.TRAIN;
        var resumed = Experiment.resume(researcher, experiment.folder());
        resumed.run();
        assertThat(resumed.finishedRounds()).isEqualTo(2);
        assertThat(b.trainings).hasValue(2);

        var whole = builder("whole").rounds(2).build();
        whole.run();
        assertThat(model(resumed)).isEqualTo(model(whole));
    }

    @Test
    void updatesThatCannotBeUsedAreRefusedByName() {
        var experiment = builder("garbage")
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(60)))
                .rounds(4)
                .build();
        var expected = Map.of(
                TestNode.Script.WRONG_SHAPE, "coef",
                TestNode.Script.NOT_FINITE, "coef",
                TestNode.Script.TOO_MANY_SAMPLES, "1000000 rows");
        expected.forEach((script, text) -> {
            a.script = script;
            var outcome = experiment.runRound().outcomes().getFirst();
            assertThat(outcome.status()).as("%s", script).isEqualTo(OutcomeStatus.REFUSED);
            assertThat(outcome.text()).contains(text);
        });
        a.script = TestNode.Script.WRONG_HASH;
        assertThat(experiment.runRound().outcomes().getFirst().code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
    }

    @Test
    void aNodeThatNeverAnswersIsLateAtTheDeadlineAndIsTold() {
        a.script = TestNode.Script.SILENT;
        var experiment = builder("late")
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(15)))
                .rounds(1)
                .build();
        var summary = experiment.runRound();
        assertThat(summary.outcomes())
                .extracting(ParticipantOutcome::status)
                .containsExactly(OutcomeStatus.LATE, OutcomeStatus.ACCEPTED);
        await().untilAsserted(() ->
                assertThat(a.cancelled).contains(summary.outcomes().getFirst().request()));
    }

    @Test
    void aNodeThatIsGoneIsAbsentAndTakesPartAgainWhenItIsBack() throws InterruptedException {
        var experiment = builder("absent")
                .strategy(Strategy.all()
                        .quorum(1)
                        .deadline(Duration.ofSeconds(60))
                        .absentAfter(Duration.ofSeconds(1)))
                .rounds(3)
                .build();
        experiment.runRound();
        a.stop();
        assertThat(experiment.runRound().outcomes().getFirst().status()).isEqualTo(OutcomeStatus.ABSENT);
        a.start();
        TestWorld.awaitOnline(researcher, a);
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
    }

    @Test
    void aResearcherClosedInMidRoundGoesOnWithoutAskingTwice() throws Exception {
        var whole = builder("whole").build();
        whole.run();
        int before = b.trainings.get();

        var experiment = builder("closed").build();
        experiment.runRound();
        a.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(experiment::run).isInstanceOf(FedbiomedException.class));
        awaitAnswer(experiment, 2, "hospital-b__sick");
        researcher.close();
        running.join();
        a.gate.countDown();

        researcher = world.researcher();
        var resumed = Experiment.resume(researcher, folder.resolve("closed"));
        resumed.run();
        assertThat(b.trainings).hasValue(before + 3);
        assertThat(model(resumed)).isEqualTo(model(whole));
    }

    @Test
    void anInterruptedRunTellsTheNodesThatAreStillAtWork() throws Exception {
        var experiment = builder("interrupted").build();
        a.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(experiment::run)
                        .isInstanceOf(FedbiomedException.class)
                        .hasMessageContaining("stopped"));
        awaitAnswer(experiment, 1, "hospital-b__sick");
        running.interrupt();
        running.join();
        await().untilAsserted(() -> assertThat(a.cancelled).hasSize(1));
        a.gate.countDown();
        Experiment.resume(researcher, experiment.folder()).run();
        assertThat(experiment.finishedRounds()).isEqualTo(3);
        assertThat(b.trainings).hasValue(3);
    }

    @Test
    void aNetworkRestartedInMidRoundDelaysItOnly() throws Exception {
        var experiment = builder("restart").build();
        experiment.runRound();
        a.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform().start(experiment::run);
        awaitAnswer(experiment, 2, "hospital-b__sick");
        world.restartNetwork();
        a.gate.countDown();
        running.join();
        assertThat(experiment.finishedRounds()).isEqualTo(3);
        assertThat(experiment.summary(2).accepted()).isEqualTo(2);
        assertThat(a.trainings).hasValue(3);
        assertThat(b.trainings).hasValue(3);
    }

    @Test
    void twoRunsOfOneFolderAreRefused() throws Exception {
        var experiment = builder("locked").build();
        a.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform().start(experiment::run);
        awaitAnswer(experiment, 1, "hospital-b__sick");
        assertThatThrownBy(
                        () -> Experiment.resume(researcher, experiment.folder()).run())
                .hasMessageContaining("being run by another process");
        a.gate.countDown();
        running.join();
        assertThat(experiment.finishedRounds()).isEqualTo(3);
    }

    @Test
    void anUpdateOfEveryRoundIsKeptWhereAskedFor() {
        var experiment = builder("history").rounds(1).retainFullHistory(true).build();
        experiment.run();
        assertThat(folder.resolve("history/rounds/0001/updates/hospital-a__sick.safetensors"))
                .exists();
        assertThat(List.of(experiment.folder().resolve("rounds").toFile().list()))
                .containsExactlyInAnyOrder("0000", "0001");
    }

    @Test
    void experimentsSideBySideDoNotTakeEachOthersModelsAway() throws Exception {
        var alone = Map.of(a, "hospital-a", b, "hospital-b");
        var plan = Files.writeString(
                folder.resolve("Plain.java"),
                TestWorld.PLAN.replace("SickPlan", "Plain").replace(".standardise()", ""));
        a.plan(PlanSource.read(plan));
        b.plan(PlanSource.read(plan));
        var experiments = new ArrayList<Experiment>();
        for (var name : alone.values()) {
            experiments.add(builder(name + "-alone").nodes(name).plan(plan).build());
        }
        // both begin with the same bytes
        assertThat(a.trainings).hasValue(0);
        a.gate = new CountDownLatch(1);
        var running = experiments.stream()
                .map(experiment -> Thread.ofPlatform().start(experiment::run))
                .toList();
        var other = experiments.stream()
                .filter(e -> e.participants().contains(b.participant()))
                .findFirst()
                .orElseThrow();
        await().until(() -> other.finishedRounds() == 3);
        a.gate.countDown();
        for (var thread : running) {
            thread.join();
        }
        assertThat(experiments).allMatch(experiment -> experiment.finishedRounds() == 3);
        assertThat(Files.readAllBytes(experiments.get(0).globalModel(0).file()))
                .isEqualTo(Files.readAllBytes(experiments.get(1).globalModel(0).file()));
    }

    @Test
    void anExperimentMayBeginWithGivenWeights() throws IOException {
        var before = builder("before").rounds(1).build();
        before.run();
        var after = builder("after")
                .rounds(1)
                .initialModel(before.globalModel().file())
                .build();
        after.run();
        assertThat(Files.readAllBytes(after.globalModel(0).file())).isEqualTo(model(before));
    }
}
