package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What a node answers that is no answer never reaches the aggregate, and the report says what happened. */
class GarbageTest extends TwoHospitals {
    private static final Map<TestNode.Script, String> SAID = Map.of(
            TestNode.Script.WRONG_SHAPE, "coef",
            TestNode.Script.NOT_FINITE, "NaN or infinite values in tensor &#39;coef&#39;",
            TestNode.Script.WRONG_HASH, "PARAMETERS_UNAVAILABLE",
            TestNode.Script.TOO_MANY_SAMPLES, "it says that it trained on 1000000 rows");

    private Experiment experiment(String name, Strategy strategy) {
        return builder(name).strategy(strategy).rounds(1).build();
    }

    private byte[] model(Experiment experiment) throws IOException {
        return Files.readAllBytes(experiment.globalModel(1).file());
    }

    @Test
    void garbageLeavesTheModelAsItWouldBeWithoutItsNode() throws IOException {
        var within = Strategy.all().quorum(1).deadline(Duration.ofSeconds(60));
        // both take part in the statistics, one in the round
        a.script = TestNode.Script.ERROR;
        var without = experiment("without", within);
        without.run();
        for (var script : SAID.keySet()) {
            a.script = script;
            var experiment = experiment("with-" + script, within);
            experiment.run();
            assertThat(model(experiment)).as("%s", script).isEqualTo(model(without));
            assertThat(experiment.replies(1).getFirst().reply()).isNull();
            var report = Files.readString(experiment.report());
            assertThat(report)
                    .as("%s", script)
                    .contains("Round 1 without hospital-a/sick")
                    .contains(SAID.get(script));
        }
    }

    @Test
    void anAnswerThatComesSeveralTimesCountsOnce() throws IOException {
        var once = experiment("once", Strategy.all());
        once.run();
        a.script = TestNode.Script.TWICE;
        b.script = TestNode.Script.TWICE;
        var often = experiment("often", Strategy.all());
        often.run();
        assertThat(model(often)).isEqualTo(model(once));
        assertThat(often.summary(1).accepted()).isEqualTo(2);
        assertThat(often.summary(1).samples()).isEqualTo(once.summary(1).samples());
    }

    @Test
    void anAnswerToACancelledRoundIsNoPartOfALaterOne() throws Exception {
        var first = Strategy.all().quorum(1).deadline(Duration.ofSeconds(6));
        a.gate = new CountDownLatch(1);
        var experiment = experiment("cancelled", first);
        experiment.run();
        assertThat(experiment.replies(1))
                .extracting(ParticipantOutcome::status)
                .containsExactly(OutcomeStatus.LATE, OutcomeStatus.ACCEPTED);
        // its answer to round 1 arrives while round 2 waits for it
        var open = a.gate;
        a.gate = new CountDownLatch(1);
        experiment.listener(new ExperimentListener() {
            @Override
            public void roundStarted(
                    int round, int rounds, java.util.SortedSet<fedbiomed.vocabulary.Participant> asked) {
                open.countDown();
            }
        });
        experiment.rounds(2).run();
        assertThat(experiment.replies(2))
                .extracting(ParticipantOutcome::status)
                .containsExactly(OutcomeStatus.LATE, OutcomeStatus.ACCEPTED);
        // it did train and answer
        await().until(() -> a.trainings.get() == 1);
        await().until(() -> a.cancelled.containsAll(List.of(
                experiment.replies(1).getFirst().request(),
                experiment.replies(2).getFirst().request())));
        assertThat(Files.readString(experiment.report()))
                .contains("Round 1 without hospital-a/sick: late")
                .contains("Round 2 without hospital-a/sick: late");
    }
}
