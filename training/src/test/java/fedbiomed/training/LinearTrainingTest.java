package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.LoaderArgs;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinearTrainingTest {
    @TempDir
    Path folder;

    private static double metric(@Nullable EvaluationSums sums, String name) {
        return Objects.requireNonNull(Metrics.of(Objects.requireNonNull(sums)).get(name));
    }

    @Test
    void aClassifierLearnsAndIsTestedBeforeAndAfter() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(200, 3));
        var scalars = new ArrayList<Scalar>();
        try (var plan = fixture.compiled()) {
            var done = plan.run(fixture.trainJob(plan, Fixture.tested().build()), scalars::add);

            assertThat(done.samples()).isEqualTo(150);
            assertThat(done.updates()).isEqualTo(5 * 10);
            assertThat(metric(done.globalTest(), "log_loss")).isCloseTo(Math.log(2), within(1e-12));
            assertThat(metric(done.localTest(), "accuracy")).isGreaterThan(0.9);
            assertThat(metric(done.localTest(), "roc_auc")).isGreaterThan(0.97);
            assertThat(done.timings().millis()).containsKeys("load", "train", "test", "write");
        }
        assertThat(scalars)
                .filteredOn(s -> s.phase().equals("training") && s.name().equals("loss"))
                .extracting(Scalar::iteration)
                .containsExactly(10L, 20L, 30L, 40L, 50L);
        assertThat(scalars)
                .filteredOn(s -> s.phase().equals("training") && s.iteration() == 50)
                .extracting(Scalar::name)
                .containsExactly("loss", "learning_rate", "seconds_per_batch");
        assertThat(scalars)
                .filteredOn(s -> s.phase().equals("test_on_local_updates"))
                .extracting(Scalar::name)
                .contains("accuracy", "roc_auc", "log_loss");
        try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
            assertThat(trained.parameters().metadata()).containsEntry("kept", "yes");
            assertThat(trained.parameters().get("coef").shape()).containsExactly(1, 2);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(100, 3));
        assertThat(trainedBytes(fixture, 7)).isEqualTo(trainedBytes(fixture, 7)).isNotEqualTo(trainedBytes(fixture, 8));
    }

    private static byte[] trainedBytes(Fixture fixture, long seed) throws IOException {
        try (var plan = fixture.compiled()) {
            plan.run(fixture.trainJob(plan, Fixture.tested().randomSeed(seed).build()), _ -> {});
            return Files.readAllBytes(fixture.folder().resolve("local.safetensors"));
        }
    }

    @Test
    void aRegressorFindsTheCoefficients() throws IOException {
        var text = """
                import fedbiomed.training.linear.*;
                public class LengthPlan extends SgdRegressor {
                    @Override public TrainingData data(DatasetView dataset) {
                        return dataset.table().inputs("a", "b").standardise(GIVEN).given("a", 100, 20).given("b", 5, 2)
                                .target("length");
                    }
                }
                """;
        var fixture = Fixture.of(folder, text, Fixture.table(200, 3))
                .withModelArgs(new Args(Map.of("learning_rate", "constant", "eta0", 0.3, "alpha", 0)));
        try (var plan = fixture.compiled()) {
            assertThat(plan.requirements(fixture.modelArgs()))
                    .isEqualTo(new PlanRequirements(
                            DataForm.TABLE,
                            "regression",
                            List.of("a", "b"),
                            List.of("a", "b"),
                            "length",
                            List.of("a", "b", "length"),
                            List.of(),
                            List.of(),
                            true,
                            Set.of(),
                            List.of()));
            var done =
                    plan.run(fixture.trainJob(plan, Fixture.tested().epochs(100).build()), _ -> {});
            assertThat(metric(done.localTest(), "r2")).isGreaterThan(0.999);
            assertThat(metric(done.localTest(), "mae")).isLessThan(0.01);
        }
        try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
            assertThat(trained.parameters().get("coef").toDoubles())
                    .satisfies(coef -> assertThat(coef[0]).isBetween(1.95, 2.05))
                    .satisfies(coef -> assertThat(coef[1]).isBetween(-1.05, -0.95));
        }
    }

    @Test
    void threeClassesAreLearntOneAgainstTheRest() throws IOException {
        var text = Fixture.CLASSIFIER.replace("\"no\", \"yes\"", "\"1\", \"2\", \"3\"");
        var random = new SplittableRandom(5);
        var csv = new StringBuilder("a,b,sick\n");
        for (int i = 0; i < 240; i++) {
            double angle = (i % 3 + 0.6 * random.nextDouble()) * Math.PI * 2 / 3;
            csv.append(Math.cos(angle))
                    .append(',')
                    .append(Math.sin(angle))
                    .append(',')
                    .append(1 + i % 3)
                    .append('\n');
        }
        var fixture = Fixture.of(folder, text, csv.toString());
        try (var plan = fixture.compiled()) {
            var done =
                    plan.run(fixture.trainJob(plan, Fixture.tested().epochs(20).build()), _ -> {});
            assertThat(metric(done.localTest(), "accuracy")).isGreaterThan(0.95);
            try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
                assertThat(trained.parameters().get("coef").shape()).containsExactly(3, 2);
                var statistics = plan.run(
                                fixture.job(
                                        WorkerJob.Task.STATISTICS,
                                        Fixture.tested().build(),
                                        null),
                                _ -> {})
                        .statistics();
                var inputs = Files.writeString(folder.resolve("new.csv"), "b,a\n0.5,0.8\n");
                var predictions = plan.predict(trained.parameters(), fixture.modelArgs(), statistics, inputs);
                assertThat(predictions.rows()).isEqualTo(1);
                assertThat(predictions.predictedClass(0)).isEqualTo("1");
                assertThat(predictions.probability(0, 0)
                                + predictions.probability(0, 1)
                                + predictions.probability(0, 2))
                        .isBetween(1 - 1e-12, 1 + 1e-12);
            }
        }
    }

    @Test
    void onlyTheTrainingRowsAreCountedInTheStatistics() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        try (var plan = fixture.compiled()) {
            var job = fixture.job(WorkerJob.Task.STATISTICS, Fixture.tested().build(), null);
            var done = plan.run(job, _ -> {});
            var statistics = Objects.requireNonNull(done.statistics());
            assertThat(done.samples()).isEqualTo(30);
            assertThat(plan.split(job).train()).hasSize(30);
            assertThat(Objects.requireNonNull(statistics.columns().get("a")).count())
                    .isEqualTo(30);
            assertThat(plan.requirements(fixture.modelArgs()).needsFederatedStatistics())
                    .isTrue();
        }
    }

    @Test
    void aPooledTrainingIsThatOfOneTableWithAllRows() throws IOException {
        var args = TrainingArgs.builder()
                .epochs(3)
                .loaderArgs(new LoaderArgs(1000, false, false))
                .build();
        var whole = Fixture.table(60, 3);
        var lines = whole.lines().toList();
        var first = Fixture.of(
                Files.createDirectory(folder.resolve("1")),
                Fixture.CLASSIFIER,
                String.join("\n", lines.subList(0, 31)));
        var second = Fixture.of(
                Files.createDirectory(folder.resolve("2")),
                Fixture.CLASSIFIER,
                lines.getFirst() + "\n" + String.join("\n", lines.subList(31, 61)));
        var all = Fixture.of(Files.createDirectory(folder.resolve("3")), Fixture.CLASSIFIER, whole);
        try (var plan = all.compiled()) {
            var statistics = plan.run(all.job(WorkerJob.Task.STATISTICS, args, null), _ -> {})
                    .statistics();
            plan.run(withStatistics(all, all.trainJob(plan, args), statistics), _ -> {});
            first.trainJob(plan, args);
            var done = plan.trainPooled(
                    List.of(
                            withStatistics(first, first.job(WorkerJob.Task.TRAIN, args, null), statistics),
                            withStatistics(second, second.job(WorkerJob.Task.TRAIN, args, null), statistics)),
                    _ -> {});
            assertThat(done.samples()).isEqualTo(60);
            assertThat(first.folder().resolve("local.safetensors"))
                    .hasSameBinaryContentAs(all.folder().resolve("local.safetensors"));
        }
    }

    private static WorkerJob withStatistics(
            Fixture fixture, WorkerJob job, @Nullable PreprocessingStatistics statistics) {
        return fixture.job(job.task(), job.trainingArgs(), statistics);
    }

    @Test
    void numUpdatesGoRoundTheRowsAndDropLastLeavesThePartialBatchOut() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        try (var plan = fixture.compiled()) {
            var updates = TrainingArgs.builder().numUpdates(17).batchSize(16).build();
            assertThat(plan.run(fixture.trainJob(plan, updates), _ -> {}).updates())
                    .isEqualTo(17);
            var dropped = TrainingArgs.builder()
                    .epochs(2)
                    .loaderArgs(new LoaderArgs(16, true, true))
                    .build();
            assertThat(plan.run(fixture.trainJob(plan, dropped), _ -> {}).updates())
                    .isEqualTo(4);
            var dry = TrainingArgs.builder().epochs(2).batchSize(4).dryRun(true).build();
            assertThat(plan.run(fixture.trainJob(plan, dry), _ -> {}).updates()).isEqualTo(1);
            var most =
                    TrainingArgs.builder().epochs(2).batchSize(4).batchMaxnum(3).build();
            assertThat(plan.run(fixture.trainJob(plan, most), _ -> {}).updates())
                    .isEqualTo(6);
            var none = TrainingArgs.builder()
                    .loaderArgs(new LoaderArgs(41, true, true))
                    .build();
            assertThatThrownBy(() -> plan.run(fixture.trainJob(plan, none), _ -> {}))
                    .hasMessageContaining("drop_last");
        }
    }

    @Test
    void anUndeclaredClassIsToldByCountAndNotByName() throws IOException {
        var csv = Fixture.table(40, 3).replaceFirst(",yes,", ",SECRET,");
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, csv);
        try (var plan = fixture.compiled()) {
            assertThatThrownBy(() ->
                            plan.run(fixture.trainJob(plan, Fixture.tested().build()), _ -> {}))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                    .hasMessageContaining("target column 'sick': 1 of 40 rows have a class that the plan does not")
                    .hasMessageContaining("[no, yes]")
                    .hasMessageNotContaining("SECRET")
                    .hasStackTraceContaining("SECRET");
        }
    }

    @Test
    void missingTargetsAreCounted() throws IOException {
        var csv = Fixture.table(40, 3).replace(",no,", ",,");
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, csv);
        try (var plan = fixture.compiled()) {
            assertThatThrownBy(() ->
                            plan.run(fixture.trainJob(plan, Fixture.tested().build()), _ -> {}))
                    .hasMessageMatching("target column 'sick': \\d+ rows have no value; .*");
        }
    }

    @Test
    void tooFewRowsAreRefused() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(1, 3));
        try (var plan = fixture.compiled()) {
            assertThatThrownBy(() -> plan.run(
                            fixture.trainJob(plan, TrainingArgs.builder().build()), _ -> {}))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                    .hasMessageContaining("at least 2 are needed");
        }
    }

    @Test
    void aModelThatDoesNotFitThePlanIsRefused() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, Fixture.tested().build());
            var other = fedbiomed.parameters.Parameters.builder()
                    .put("coef", Tensor.ofDoubles(new double[3], 1, 3))
                    .put("intercept", Tensor.ofDoubles(new double[1], 1))
                    .build();
            Safetensors.write(folder.resolve("global.safetensors"), other);
            assertThatThrownBy(() -> plan.run(job, _ -> {})).hasMessageContaining("coef");
            var infinite = fedbiomed.parameters.Parameters.builder()
                    .put("coef", Tensor.ofDoubles(new double[] {1, Double.NaN}, 1, 2))
                    .put("intercept", Tensor.ofDoubles(new double[1], 1))
                    .build();
            Safetensors.write(folder.resolve("global.safetensors"), infinite);
            assertThatThrownBy(() -> plan.run(job, _ -> {}))
                    .hasMessageContaining("coef")
                    .hasMessageContaining("incoming");
        }
    }

    @Test
    void divergenceIsToldWithARemedy() throws IOException {
        var text = Fixture.CLASSIFIER
                .replace("SgdClassifier", "SgdRegressor")
                .replace(".standardise().target(\"sick\").classes(\"no\", \"yes\")", ".target(\"length\")");
        var fixture = Fixture.of(folder, text, Fixture.table(40, 3))
                .withModelArgs(new Args(Map.of("learning_rate", "constant", "eta0", 10)));
        try (var plan = fixture.compiled()) {
            assertThatThrownBy(() -> plan.run(
                            fixture.trainJob(
                                    plan, TrainingArgs.builder().epochs(200).build()),
                            _ -> {}))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                    .hasMessageContaining("diverged")
                    .hasMessageContaining("learning rate");
        }
    }

    @Test
    void statisticsThatAreNeededAndMissingAreAskedFor() throws IOException {
        var fixture = Fixture.of(folder, Fixture.CLASSIFIER, Fixture.table(40, 3));
        try (var plan = fixture.compiled()) {
            fixture.trainJob(plan, Fixture.tested().build());
            var job = fixture.job(WorkerJob.Task.EVALUATE, Fixture.tested().build(), null);
            assertThatThrownBy(() -> plan.run(job, _ -> {})).hasMessageContaining("STATISTICS");
        }
    }
}
