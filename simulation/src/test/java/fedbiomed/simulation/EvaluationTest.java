package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.experiment.EarlyStopping;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Participant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How well models do: in which round, on whose data, and when that ends an experiment. */
class EvaluationTest {
    @TempDir
    Path folder;

    private SimulatedFederation federation;
    private final List<String> notices = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        federation = new LeastSquares(5, 5, 5).federation(folder);
    }

    @AfterEach
    void close() {
        federation.close();
    }

    private ExperimentBuilder experiment(double rate) throws IOException {
        return LeastSquares.experiment(federation, folder, new fedbiomed.researcher.aggregator.FedAvg(), rate)
                .trainingArgs(args -> args.numUpdates(20).testRatio(0.2).testOnGlobalUpdates(true))
                .listener(new ExperimentListener() {
                    @Override
                    public void notice(String text) {
                        notices.add(text);
                    }
                });
    }

    @Test
    void anExperimentEndsWhenItsFigureHasNotGotBetterAndTheBestRoundIsKnown() throws IOException {
        // nodes of unlike truths: after few rounds nothing gets better by a hundredth
        var experiment = experiment(0.05)
                .rounds(40)
                .earlyStopping(EarlyStopping.of("mse", "global", null, 2, 0.01))
                .build();
        experiment.run();
        int ended = experiment.finishedRounds();
        assertThat(ended).isBetween(3, 39);
        assertThat(notices)
                .anyMatch(text -> text.startsWith("ended after round " + ended + " of 40: 'mse' has not got better"));
        var best = experiment.bestRound("mse").orElseThrow();
        double atBest = best.round() == ended
                ? mse(experiment.finalTest().orElseThrow().pooled())
                : mse(experiment.summary(best.round() + 1).pooledGlobal());
        assertThat(best.value()).isEqualTo(atBest);
        for (int round = 1; round <= ended; round++) {
            assertThat(experiment.summary(round).pooledGlobal().get("mse")).isGreaterThanOrEqualTo(best.value());
        }
        // resumed, the same rule ends it at once, and without the rule it goes on
        var resumed = Experiment.resume(federation.researcher(), experiment.folder());
        resumed.run();
        assertThat(resumed.finishedRounds()).isEqualTo(ended);
        resumed.earlyStopping(null).rounds(ended + 1).run();
        assertThat(resumed.finishedRounds()).isEqualTo(ended + 1);
        assertThat(experiment.bestRound("no such metric", fedbiomed.training.metrics.MetricDirection.LOWER_IS_BETTER))
                .isEmpty();
    }

    private static double mse(Map<String, Double> metrics) {
        return Objects.requireNonNull(metrics.get("mse"));
    }

    @Test
    void aRuleThatLooksAtTestsThatAreNotMadeIsRefusedAtOnce() throws IOException {
        assertThatThrownBy(() -> experiment(0.05)
                        .earlyStopping(EarlyStopping.of("mse", "local", null, 2, 0))
                        .build())
                .hasMessageContaining("training_args.test_on_local_updates: true");
        assertThat(EarlyStopping.on("mse", 2).looksAtGlobalModels()).isTrue();
        assertThat(EarlyStopping.of("mse", "local", null, 2, 0).looksAtGlobalModels())
                .isFalse();
        assertThat(EarlyStopping.on(EarlyStopping.TRAINING_LOSS, 2).looksAtGlobalModels())
                .isFalse();
        assertThatThrownBy(() -> EarlyStopping.on("my_metric", 2)).hasMessageContaining("mode: min or mode: max");
        assertThatThrownBy(() -> EarlyStopping.on("mse", 0)).hasMessageContaining("at least 1, not 0");
    }

    @Test
    void theGlobalModelIsTestedOnDatasetsThatWereNotTrainedOn() throws IOException {
        var experiment = experiment(0.05).rounds(2).build();
        var csv = new StringBuilder("a,b,y\n");
        for (int row = 0; row < 50; row++) {
            csv.append(row % 7)
                    .append(',')
                    .append(row % 3)
                    .append(',')
                    .append(row % 5)
                    .append('\n');
        }
        federation.addNode("elsewhere", Files.writeString(folder.resolve("elsewhere.csv"), csv), "external");
        experiment.run();
        var replies = experiment.folder().resolve("rounds/0002/replies.json");
        var before = Files.readAllBytes(replies);

        var test = experiment.evaluate("external");
        assertThat(test.sums()).hasSize(1);
        assertThat(test.rows()).isEqualTo(50);
        double squares = 0;
        var w = LeastSquares.coefficients(experiment.globalModel().file());
        for (int row = 0; row < 50; row++) {
            squares += Math.pow(w[0] * (row % 7) + w[1] * (row % 3) - row % 5, 2);
        }
        assertThat(test.pooled().get("mse")).isCloseTo(squares / 50, org.assertj.core.data.Offset.offset(1e-6));
        // those that were trained on keep to what was held out
        var both = experiment.evaluation().tags(LeastSquares.TAG).run();
        assertThat(both.rows()).isEqualTo(experiment.finalTest().orElseThrow().rows());
        assertThat(both.pooled()).isEqualTo(experiment.finalTest().orElseThrow().pooled());
        assertThat(experiment.evaluation().nodes("node-1").run().sums()).hasSize(1);
        assertThat(experiment.evaluation().round(0).run().pooled().get("mse"))
                .isGreaterThan(both.pooled().get("mse"));
        assertThat(replies).hasBinaryContent(before);
        assertThatThrownBy(() -> experiment.evaluate("nothing-has-it")).hasMessageContaining("nothing-has-it");
        assertThatThrownBy(() -> experiment.evaluation().round(7)).hasMessageContaining("no model of round 7");
    }

    @Test
    void whatIsSetIsCheckedAtOnceAndKept() throws IOException {
        var experiment = experiment(0.05).rounds(2).build();
        experiment.run();
        experiment
                .rounds(3)
                .strategy(Strategy.all().quorum(2))
                .trainingArgs(args -> args.numUpdates(1))
                .retainFullHistory(true);
        assertThatThrownBy(() -> experiment.rounds(1)).hasMessageContaining("2 rounds are finished");
        assertThatThrownBy(() -> experiment.strategy(Strategy.all().quorum(9)))
                .hasMessageContaining("the strategy's quorum is 9");
        assertThatThrownBy(() -> experiment.trainingArgs(args -> args.testRatio(0.5)))
                .hasMessageContaining("these must stay held out");
        var resumed = Experiment.resume(federation.researcher(), experiment.folder());
        assertThat(resumed.arguments()).isEqualTo(experiment.arguments());
        resumed.run();
        assertThat(resumed.replies(3))
                .allMatch(outcome -> Objects.requireNonNull(outcome.reply()).updates() == 1);
        assertThat(resumed.updates(2)).isEmpty();
        assertThat(resumed.updates(3).keySet()).containsExactlyElementsOf(resumed.participants());
        try (var parameters = resumed.aggregatedParameters(3)) {
            assertThat(parameters.parameters().names()).contains("coef");
        }
        assertThat(resumed.info().toString()).contains("3 of 3 finished").contains("'all' {");
    }

    @Test
    void twoExperimentsOfOneResearcherRunSideBySideAndOneIsCancelled() throws Exception {
        var one = experiment(0.05).rounds(4).folder(folder.resolve("one")).build();
        var other = experiment(0.01).rounds(4).folder(folder.resolve("other")).build();
        var failures = new ArrayList<Throwable>();
        var thread = Thread.ofVirtual()
                .uncaughtExceptionHandler((_, e) -> failures.add(e))
                .start(other::run);
        one.run();
        thread.join();
        assertThat(failures).isEmpty();
        assertThat(one.finishedRounds()).isEqualTo(4);
        assertThat(other.finishedRounds()).isEqualTo(4);
        // what came of them does not depend on what ran beside it
        var alone = experiment(0.05).rounds(4).folder(folder.resolve("alone")).build();
        alone.run();
        assertThat(one.globalModel().file())
                .hasSameBinaryContentAs(alone.globalModel().file());

        for (var node : federation.nodes()) {
            node.behaviour(Behaviour.late(java.time.Duration.ofMinutes(10)));
        }
        one.rounds(5);
        var cancelled = new ArrayList<Throwable>();
        var asked = new java.util.concurrent.CountDownLatch(1);
        one.listener(new ExperimentListener() {
            @Override
            public void roundStarted(int round, int rounds, java.util.SortedSet<Participant> participants) {
                asked.countDown();
            }
        });
        var running = Thread.ofVirtual()
                .uncaughtExceptionHandler((_, e) -> cancelled.add(e))
                .start(one::run);
        asked.await();
        assertThatThrownBy(() -> one.rounds(6)).hasMessageContaining("is running");
        one.cancel();
        running.join();
        assertThat(cancelled).singleElement().satisfies(e -> assertThat(e).hasMessageContaining("stopped"));
        assertThat(one.finishedRounds()).isEqualTo(4);
    }
}
