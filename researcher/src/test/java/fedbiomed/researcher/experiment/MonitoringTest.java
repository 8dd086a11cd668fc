package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.monitor.TensorBoard;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is written down of a run while it goes on. */
class MonitoringTest extends TwoHospitals {
    @Test
    void theTimeOfEachNodeAndRoundIsKeptAndDrawn() throws Exception {
        var experiment = builder("timed").rounds(2).build();
        experiment.run();
        for (int round = 1; round <= 2; round++) {
            for (var outcome : experiment.summary(round).outcomes()) {
                var exchange = Objects.requireNonNull(outcome.exchange());
                var reply = Objects.requireNonNull(outcome.reply());
                assertThat(exchange.bytesToNode()).as("two weights, sealed").isBetween(200L, 100_000L);
                assertThat(exchange.bytesFromNode()).isBetween(200L, 100_000L);
                assertThat(exchange.answeredMillis())
                        .isEqualTo(exchange.waitingMillis(reply)
                                + NodePhases.totalMillis(reply.timings(), exchange.answeredMillis()));
            }
            var timings = new RoundFolder(folder.resolve("timed/rounds/000" + round)).timings();
            assertThat(timings)
                    .hasValueSatisfying(one ->
                            assertThat(one.phases().millis()).containsOnlyKeys("aggregate", "gather", "publish"));
        }
        assertThat(Files.readString(experiment.report()))
                .contains("Where the time went", "<svg", "hospital-a/sick, round 2: waiting", "(researcher)");
    }

    @Test
    void numbersThatDoNotArriveAreToldAndKept() throws Exception {
        a.losesScalars = 2;
        var notices = new ArrayList<String>();
        var experiment = builder("lossy")
                .rounds(2)
                .listener(new ExperimentListener() {
                    @Override
                    public void notice(String text) {
                        notices.add(text);
                    }
                })
                .build();
        experiment.run();
        var outcomes = experiment.summary(1).outcomes();
        assertThat(outcomes).extracting(ParticipantOutcome::lostScalars).containsExactly(2L, 0L);
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("of hospital-a/sick")
                .doesNotContain("hospital-b");
        assertThat(Files.readString(experiment.report()))
                .containsPattern("hospital-a/sick</td>.*<td class=\"number\">4</td></tr>")
                .containsPattern("hospital-b/sick</td>.*<td class=\"number\">0</td></tr>");
    }

    @Test
    void tensorBoardShowsARunForEachNodeAndOneForTheModel() throws Exception {
        TensorBoard.assumeInstalled();
        var experiment = builder("shown")
                .trainingArgs(args -> args.epochs(2)
                        .batchSize(16)
                        .testRatio(0.25)
                        .logInterval(1)
                        .testOnGlobalUpdates(true)
                        .testOnLocalUpdates(true))
                .rounds(2)
                .build();
        experiment.run();
        // two more rounds by another program
        Experiment.resumption(researcher, experiment.folder())
                .changes(file -> file.withRounds(4))
                .open()
                .run();

        var runs = TensorBoard.read(experiment.folder().resolve("tensorboard"));
        assertThat(runs).containsOnlyKeys("hospital-a/sick", "hospital-b/sick", "global_model");
        // 60 and 90 training rows in batches of 16, twice a round
        assertThat(steps(points(runs, "hospital-a/sick", "training/loss"))).containsExactlyElementsOf(upTo(1, 32));
        assertThat(steps(points(runs, "hospital-b/sick", "training/loss"))).containsExactlyElementsOf(upTo(1, 48));
        assertThat(steps(points(runs, "hospital-a/sick", "test_on_global_updates/accuracy")))
                .containsOnly(0, 8, 16, 24, 32);
        assertThat(steps(points(runs, "hospital-a/sick", "test_on_local_updates/accuracy")))
                .containsExactly(8, 16, 24, 32);
        assertThat(steps(points(runs, "global_model", "global_model/training_loss")))
                .containsExactly(1, 2, 3, 4);
        assertThat(steps(points(runs, "global_model", "global_model/test_on_global_updates/accuracy")))
                .containsOnly(0, 1, 2, 3, 4);
    }

    private static List<List<Double>> points(
            Map<String, Map<String, List<List<Double>>>> runs, String run, String tag) {
        return runs.getOrDefault(run, Map.of()).getOrDefault(tag, List.of());
    }

    private static List<Integer> steps(List<List<Double>> points) {
        // each is a message of its own here, and messages may overtake each other
        return points.stream()
                .map(point -> point.getFirst().intValue())
                .sorted()
                .toList();
    }

    private static List<Integer> upTo(int first, int last) {
        return java.util.stream.IntStream.rangeClosed(first, last).boxed().toList();
    }
}
