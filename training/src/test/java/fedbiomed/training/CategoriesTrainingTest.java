package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.Safetensors;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns of text as inputs, from a file to a model and its predictions, in every family. */
class CategoriesTrainingTest {
    private static final String DATA = """
            dataset.table().inputs("age", "stage").oneHot("stage", "I", "II", "III").impute("age", MEDIAN)
                    .impute("stage", MOST_FREQUENT).standardise()""";

    @TempDir
    Path folder;

    private static String plan(String family, String target) {
        return """
                import fedbiomed.training.linear.*;

                public class StagePlan extends %s {
                    @Override
                    public TrainingData data(DatasetView dataset) {
                        return %s.%s;
                    }
                }
                """.formatted(family, DATA, target);
    }

    /** Sick is who has stage II; a stage and some ages are missing; who is sick dies early. */
    private static String table() {
        var random = new SplittableRandom(11);
        var csv = new StringBuilder("age,stage,sick,cost,months,died\n");
        for (int i = 0; i < 160; i++) {
            var stage = List.of("I", "II", "III").get(i % 3);
            boolean sick = i % 3 == 1;
            csv.append("%s,%s,%s,%d,%d,%d%n"
                    .formatted(
                            i % 9 == 0 ? "" : "" + (30 + random.nextInt(50)),
                            i == 0 ? "" : stage,
                            sick ? "yes" : "no",
                            100 * (i % 3),
                            (sick ? 10 : 60) + random.nextInt(9),
                            i % 2));
        }
        return csv.toString();
    }

    private Fixture fixture(String family, String target, Args args) throws IOException {
        return Fixture.of(folder, plan(family, target), table()).withModelArgs(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SgdClassifier", "Perceptron"})
    void aClassifierLearnsAndPredictsFromAColumnOfText(String family) throws IOException {
        var args = new Args(
                family.equals("Perceptron")
                        ? Map.of()
                        : Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5));
        var fixture = fixture(family, "target(\"sick\").classes(\"no\", \"yes\").stratify()", args);
        try (var plan = fixture.compiled()) {
            var requirements = plan.requirements(args);
            assertThat(requirements.numbers()).containsExactly("age");
            assertThat(requirements.federated()).containsExactly("age");
            var job = fixture.trainJob(plan, Fixture.tested().epochs(20).build());
            var done = plan.run(job, _ -> {});
            assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsEntry("accuracy", 1.0);
            assertThat(Objects.requireNonNull(job.preprocessing()).columns()).containsOnlyKeys("age");
            try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
                assertThat(trained.parameters().get("coef").shape()).containsExactly(1, 4);
                var file = Files.writeString(folder.resolve("new.csv"), "stage,age\nII,44\nI,44\nIII,\n");
                var predictions = plan.predict(trained.parameters(), args, job.preprocessing(), file);
                assertThat(predictions.predictedClass(0)).isEqualTo("yes");
                assertThat(predictions.predictedClass(1)).isEqualTo("no");
                assertThat(predictions.predictedClass(2)).isEqualTo("no");
                var foreign = Files.writeString(folder.resolve("foreign.csv"), "stage,age\nIV,44\nI,44\n");
                assertThatThrownBy(() -> plan.predict(trained.parameters(), args, job.preprocessing(), foreign))
                        .hasMessageContaining("1 of 2 rows have a value that is no category of the plan")
                        .hasMessageNotContaining("IV");
            }
        }
    }

    @Test
    void aRegressionFindsTheMeansOfTheCategories() throws IOException {
        var args = new Args(Map.of("learning_rate", "constant", "eta0", 0.1, "alpha", 0));
        var fixture = fixture("SgdRegressor", "target(\"cost\")", args);
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, Fixture.tested().epochs(200).build());
            plan.run(job, _ -> {});
            try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
                var file = Files.writeString(folder.resolve("new.csv"), "stage,age\nI,44\nII,44\nIII,44\n");
                var predicted = plan.predict(trained.parameters(), args, job.preprocessing(), file);
                // the first row's missing stage is the most frequent one's: cost 0 where stage III costs 200 is the
                // noise
                assertThat(predicted.value(1)).isCloseTo(100, within(12.0));
                assertThat(predicted.value(2)).isCloseTo(200, within(12.0));
            }
        }
    }

    @Test
    void aCoxModelReadsCategoriesAndHoldsOutOfBothOutcomes() throws IOException {
        var args = new Args(Map.of("eta0", 0.5));
        var fixture = fixture("CoxPlan", "survival(\"months\", \"died\").stratify()", args);
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(
                    plan, Fixture.tested().epochs(30).batchSize(200).build());
            var done = plan.run(job, _ -> {});
            assertThat(Metrics.of(Objects.requireNonNull(done.localTest())).get("concordance_index"))
                    .isGreaterThan(0.7);
            // half of 160 died; a quarter is held out
            var held = plan.split(job).test();
            assertThat(java.util.Arrays.stream(held).filter(row -> row % 2 == 1).count())
                    .isEqualTo(20);
            try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
                assertThat(trained.parameters().get("coef").shape()).containsExactly(1, 4);
            }
        }
    }

    @Test
    void whatTheTableHasAndThePlanDoesNotDeclareIsCountedBeforeAnythingIsTrained() throws IOException {
        var text = plan("SgdClassifier", "target(\"sick\").classes(\"no\", \"yes\")")
                .replace(", \"III\"", "");
        var fixture = Fixture.of(folder, text, table());
        try (var plan = fixture.compiled()) {
            var job = fixture.job(WorkerJob.Task.CHECK, Fixture.tested().build(), null);
            assertThatThrownBy(() -> plan.run(job, _ -> {}))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                    .hasMessageContaining("input 'stage': 53 of 160 rows have a value that is no category");
        }
    }
}
