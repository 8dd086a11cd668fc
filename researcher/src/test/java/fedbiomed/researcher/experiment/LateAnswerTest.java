package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What becomes of an answer that comes after its round. */
class LateAnswerTest extends TwoHospitals {
    /** Long enough for one of the two to train, on a busy machine. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private Experiment begun(String name, int staleness) {
        return builder(name)
                .strategy(Strategy.all().quorum(1).deadline(DEADLINE).useLateAnswers(staleness))
                .retainFullHistory(true)
                .rounds(3)
                .build();
    }

    @Test
    void aLateAnswerIsDiscardedUnlessTheStrategyUsesIt() {
        a.gate = new CountDownLatch(1);
        var experiment = begun("discards", 0);
        var late = experiment.runRound().outcomes().getFirst();
        assertThat(late.line()).isEqualTo("hospital-a/sick: late: no answer in time; discarded if it comes");
        await().untilAsserted(() -> assertThat(a.cancelled).contains(late.request()));
        a.gate.countDown();
        var next = experiment.runRound();
        assertThat(next.accepted()).isEqualTo(2);
        assertThat(next.outcomes()).allMatch(outcome -> outcome.askedIn() == null);
    }

    @Test
    void aLateAnswerIsUsedInTheNextRoundAsAStepFromItsOwnModelAlsoAfterAResumption() throws Exception {
        var whole = played("whole", false);
        var resumed = played("resumed", true);
        for (int round = 1; round <= 3; round++) {
            assertThat(Files.readAllBytes(model(resumed, round))).isEqualTo(Files.readAllBytes(model(whole, round)));
        }

        var used = whole.summary(2).outcomes().getFirst();
        assertThat(used.status()).isEqualTo(OutcomeStatus.LATE_USED);
        assertThat(used.askedIn()).isEqualTo(1);
        assertThat(whole.summary(2).tally()).isEqualTo("1 of 1 answered, 1 late used");
        assertThat(whole.summary(2).global())
                .as("it tested the model of round 1")
                .containsOnlyKeys(b.participant());
        assertThat(a.trainings).as("rounds 1 and 3, in both runs").hasValue(4);
        assertRebased(whole);
    }

    private static Path model(Experiment experiment, int round) {
        return experiment.globalModel(round).file();
    }

    private static void assertRebased(Experiment experiment) {
        var updates = experiment.folder().resolve("rounds/0002/updates");
        try (var late = Safetensors.open(updates.resolve("hospital-a__sick.safetensors"));
                var rebased = Safetensors.open(updates.resolve("hospital-a__sick.rebased.safetensors"));
                var other = Safetensors.open(updates.resolve("hospital-b__sick.safetensors"));
                var start = Safetensors.open(model(experiment, 0));
                var onto = Safetensors.open(model(experiment, 1));
                var next = Safetensors.open(model(experiment, 2))) {
            late.parameters().tensors().forEach((name, tensor) -> {
                for (int i = 0; i < tensor.elements(); i++) {
                    double step = tensor.doubleAt(i)
                            + onto.parameters().get(name).doubleAt(i)
                            - start.parameters().get(name).doubleAt(i);
                    assertThat(rebased.parameters().get(name).doubleAt(i)).isEqualTo(step);
                    // by training rows, a quarter of 80 and of 120 being held out
                    assertThat(next.parameters().get(name).doubleAt(i))
                            .isEqualTo((60 * step
                                            + 90 * other.parameters().get(name).doubleAt(i))
                                    / 150);
                }
            });
        }
    }

    /** Round 1 without a, round 2 with b and a's answer to round 1, round 3 with both. */
    private Experiment played(String name, boolean broken) throws Exception {
        a.gate = new CountDownLatch(1);
        var experiment = begun(name, 2);
        var late = experiment.runRound().outcomes().getFirst();
        assertThat(late.status()).isEqualTo(OutcomeStatus.AWAITED);
        assertThat(late.text()).isEqualTo("no answer to round 1 in time; it is used if it comes by round 3");
        assertThat(a.cancelled).doesNotContain(late.request());

        b.gate = new CountDownLatch(1);
        a.gate.countDown();
        var running = Thread.ofPlatform().start(() -> {
            if (broken) {
                assertThatThrownBy(experiment::runRound).isInstanceOf(FedbiomedException.class);
            } else {
                experiment.runRound();
            }
        });
        await().until(() -> Files.exists(StrategyRunTest.answer(experiment, 2, a)));
        var open = experiment;
        if (broken) {
            researcher.close();
            running.join();
            researcher = world.researcher();
            open = Experiment.resume(researcher, experiment.folder());
            b.gate.countDown();
            open.runRound();
        } else {
            b.gate.countDown();
            running.join();
        }
        open.runRound();
        return open;
    }

    @Test
    void afterTheLastRoundNobodyIsWaitedFor() {
        a.gate = new CountDownLatch(1);
        var experiment = builder("last")
                .strategy(Strategy.all().quorum(1).deadline(DEADLINE).useLateAnswers(5))
                .rounds(1)
                .build();
        var late = experiment.runRound().outcomes().getFirst();
        assertThat(late.status()).isEqualTo(OutcomeStatus.LATE);
        await().untilAsserted(() -> assertThat(a.cancelled).contains(late.request()));
    }

    @Test
    void whoIsNotHeardOfWithinTheBoundIsGivenUpAndAskedAnew() throws IOException {
        a.gate = new CountDownLatch(1);
        var experiment = begun("given-up", 1);
        var request = experiment.runRound().outcomes().getFirst().request();
        var given = experiment.runRound().outcomes().getFirst();
        assertThat(given.request()).isEqualTo(request);
        assertThat(given.line()).isEqualTo("hospital-a/sick: late: no answer to round 1; discarded if it comes");
        await().untilAsserted(() -> assertThat(a.cancelled).contains(request));
        a.gate.countDown();
        assertThat(experiment.runRound().accepted()).isEqualTo(2);
        assertThat(experiment.folder().resolve("rounds/0001/begun-with.sealed")).doesNotExist();
        assertThat(Files.readString(experiment.folder().resolve("rounds/0003/history.json")))
                .contains("\"asked\":2", "\"answered\":3");
    }
}
