package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.strategy.ManagedStrategy;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.researcher.strategy.TooFew;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Strategies over a real Network with three scripted nodes. */
class StrategyRunTest extends TwoHospitals {
    /** Longer than anything here takes. */
    private static final Duration LONG = Duration.ofMinutes(2);

    private TestNode third() throws IOException, InterruptedException {
        var c = world.node("hospital-c", 100);
        TestWorld.awaitOnline(researcher, c);
        return c;
    }

    private Experiment begun(String name, ManagedStrategy strategy) {
        return builder(name)
                .strategy(strategy.deadline(LONG).absentAfter(Duration.ofSeconds(1)))
                .rounds(1)
                .build();
    }

    private static List<OutcomeStatus> statuses(RoundSummary summary) {
        return summary.outcomes().stream().map(ParticipantOutcome::status).toList();
    }

    private static byte[] model(Experiment experiment) throws IOException {
        return Files.readAllBytes(experiment.globalModel().file());
    }

    static Path answer(Experiment experiment, int round, TestNode node) {
        return experiment.folder().resolve("rounds/000" + round + ".part/answers/" + node.party + "__sick.json");
    }

    @Test
    void ofMoreThanAreWantedTheFirstMakeTheRoundAndTheOthersAreToldToStop() throws Exception {
        var c = third();
        var asked = begun("fixed", Strategy.fixed(a.participant(), b.participant()));
        asked.run();

        c.gate = new CountDownLatch(1);
        var over = begun("over", Strategy.fraction(0.5).overSelectBy(1));
        var summary = over.runRound();
        assertThat(statuses(summary))
                .containsExactly(OutcomeStatus.ACCEPTED, OutcomeStatus.ACCEPTED, OutcomeStatus.NOT_NEEDED);
        assertThat(summary.tally()).isEqualTo("2 of 3 answered, 1 not needed");
        await().untilAsserted(() -> assertThat(c.cancelled)
                .containsExactly(summary.outcomes().getLast().request()));
        assertThat(model(over))
                .as("the accepted set decides, not who was asked")
                .isEqualTo(model(asked));
    }

    @Test
    void withTheSameAcceptedSetTheOrderOfArrivalChangesNothing() throws Exception {
        var c = third();
        var models = new java.util.ArrayList<byte[]>();
        for (var first : List.of(a, b)) {
            var last = first == a ? b : a;
            last.gate = new CountDownLatch(1);
            c.gate = new CountDownLatch(1);
            var experiment =
                    begun(first.party + "-first", Strategy.fraction(0.5).overSelect(1.5));
            var running = Thread.ofPlatform().start(experiment::run);
            await().until(() -> Files.exists(answer(experiment, 1, first)));
            last.gate.countDown();
            running.join();
            assertThat(statuses(experiment.summary(1))).endsWith(OutcomeStatus.NOT_NEEDED);
            c.gate.countDown();
            models.add(model(experiment));
        }
        assertThat(models.getFirst()).isEqualTo(models.getLast());
    }

    @Test
    void whoFailedIsAskedOnceMoreWhereTheStrategySaysSo() {
        a.script = TestNode.Script.ERROR_ONCE;
        var states = java.util.Collections.synchronizedList(new java.util.ArrayList<String>());
        var experiment = begun("retry", Strategy.all().retryOnce());
        experiment.listener(new ExperimentListener() {
            @Override
            public void participantChanged(int round, fedbiomed.vocabulary.Participant participant, String state) {
                states.add(state);
            }
        });
        assertThat(statuses(experiment.runRound())).containsExactly(OutcomeStatus.ACCEPTED, OutcomeStatus.ACCEPTED);
        assertThat(states).contains("failed: the worker was killed (it is asked once more)");

        a.script = TestNode.Script.ERROR;
        assertThatThrownBy(begun("twice", Strategy.all().retryOnce())::run)
                .as("once, and no more")
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("the plan threw in line 7");
    }

    @Test
    void whoFailsTooOftenIsLeftOutAndAskedAgainLater() throws IOException {
        a.script = TestNode.Script.ERROR;
        var experiment = begun("left-out", Strategy.all().quorum(1).leaveOut(2, 2));
        experiment.runRound();
        experiment.runRound();
        a.script = TestNode.Script.TRAIN;
        var third = experiment.runRound();
        assertThat(statuses(third)).containsExactly(OutcomeStatus.ACCEPTED);
        assertThat(third.leftOut().getFirst().participant()).isEqualTo(a.participant());
        assertThat(third.leftOut().getFirst().again()).isEqualTo(5);
        var resumed = Experiment.resume(researcher, experiment.folder());
        assertThat(resumed.runRound().leftOut()).as("also after a resumption").hasSize(1);
        assertThat(resumed.runRound().accepted()).isEqualTo(2);
        assertThat(a.trainings).hasValue(1);

        assertThat(resumed.summary(3).leftOut()).isEqualTo(third.leftOut());
        Experiment.resume(researcher, experiment.folder(), file -> file.withRounds(5), Duration.ZERO)
                .run();
        assertThat(Files.readString(experiment.report()))
                .contains(
                        "Round 3 left out: hospital-a/sick (left out after 2 failures in a row; asked again in round 5)",
                        "Round 2: asked: hospital-a/sick failed, hospital-b/sick accepted");
    }

    @Test
    void whoWasGoneIsAskedAgainWhenItIsThere() throws InterruptedException {
        var experiment = begun("gone", Strategy.all().quorum(1).leaveOut(1, 9).readmitWhenPresent());
        experiment.runRound();
        leaves(a);
        assertThat(statuses(experiment.runRound())).containsExactly(OutcomeStatus.ABSENT, OutcomeStatus.ACCEPTED);
        assertThat(experiment.runRound().tally()).isEqualTo("1 of 1 answered, 1 left out");
        a.start();
        TestWorld.awaitOnline(researcher, a);
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
    }

    private void leaves(TestNode node) {
        node.stop();
        await().until(() -> !researcher.online(node.party));
    }

    @Test
    void aRoundWithTooFewAnswersIsSkippedWhereTheStrategySaysSo() throws IOException {
        a.script = TestNode.Script.ERROR;
        var experiment = begun("skip", Strategy.all().tooFew(TooFew.SKIP));
        var skipped = experiment.runRound();
        assertThat(statuses(skipped)).containsExactly(OutcomeStatus.FAILED, OutcomeStatus.DISCARDED);
        assertThat(skipped.skipped()).isTrue();
        assertThat(skipped.tally()).contains("0 of 2 answered", "skipped, the model stays as it was");
        assertThat(model(experiment))
                .isEqualTo(Files.readAllBytes(experiment.globalModel(0).file()));

        a.script = TestNode.Script.TRAIN;
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
        assertThat(model(experiment))
                .isNotEqualTo(Files.readAllBytes(experiment.globalModel(0).file()));
    }

    @Test
    void aRoundWithTooFewAnswersIsRepeatedWithoutTrainingTwice() {
        a.script = TestNode.Script.ERROR_ONCE;
        var experiment = begun("repeat", Strategy.all().repeatRound(1));
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
        assertThat(b.trainings).hasValue(1);

        a.script = TestNode.Script.ERROR;
        assertThatThrownBy(experiment::runRound).isInstanceOf(RoundFailed.class);
    }

    @Test
    void aRoundGoesOnWithThoseThatCame() {
        a.script = TestNode.Script.ERROR;
        var experiment = begun("goes-on", Strategy.all().quorum(2).tooFew(TooFew.GO_ON));
        assertThat(experiment.runRound().accepted()).isEqualTo(1);
    }

    @Test
    void whereTooFewAreAvailableNobodyIsAskedAndALaterAttemptLooksAnew() throws InterruptedException {
        var experiment = begun("available", Strategy.available(2, Duration.ofMillis(300)));
        experiment.runRound();
        leaves(a);
        assertThatThrownBy(experiment::runRound)
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("only 1 can be asked (1 of 2 participants are online, after a wait of 300ms),"
                        + " and 2 are needed");
        assertThat(b.trainings).hasValue(1);
        a.start();
        TestWorld.awaitOnline(researcher, a);
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
    }

    @Test
    void aRoundBegunAnewAsksTheSameWhoeverIsOnlineThen() throws Exception {
        var c = third();
        var experiment = begun("begun-anew", Strategy.available(1, Duration.ofSeconds(5)));
        assertThat(experiment.runRound().accepted()).isEqualTo(3);
        leaves(c);
        a.gate = new CountDownLatch(1);
        var running = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(experiment::runRound).isInstanceOf(FedbiomedException.class));
        await().until(() -> Files.exists(answer(experiment, 2, b)));
        var recorded = Files.readAllBytes(experiment.folder().resolve("rounds/0002.part/selection.json"));
        researcher.close();
        running.join();

        c.start();
        a.gate.countDown();
        researcher = world.researcher();
        var resumed = Experiment.resume(researcher, experiment.folder());
        var summary = resumed.runRound();
        assertThat(summary.outcomes())
                .extracting(ParticipantOutcome::participant)
                .containsExactly(a.participant(), b.participant());
        assertThat(experiment.folder().resolve("rounds/0002/selection.json")).hasBinaryContent(recorded);
        assertThat(b.trainings).hasValue(2);
        assertThat(resumed.runRound().asked()).as("the next round looks anew").isEqualTo(3);
    }
}
