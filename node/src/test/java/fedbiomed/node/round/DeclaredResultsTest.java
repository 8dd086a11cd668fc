package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.training.metrics.CustomMetrics;
import fedbiomed.training.metrics.SumNames;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Timings;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A worker's answers as a process would give them that a plan had taken over. */
class DeclaredResultsTest {
    private static final DeclaredResults DECLARED = new DeclaredResults(new PlanSource("""
            public class LiverPlan extends TorchPlan {
                String unused = "row_17";
                // testingMetrics() { return List.of("in_a_comment"); }
                public List<String> testingMetrics() { return List.of("liver_dice", "volume_error"); }
                public TrainingData data(DatasetView d) { return d.table().inputs("a").target("t").classes("no, or", "yes", "\\"so-so\\""); }
            }
            """));

    private static void scalar(String phase, String name) {
        DECLARED.requireDeclared(
                new Scalar(1, new Participant(PartyId.of("hospital-a"), "liver"), phase, name, 1, 0, 0.5));
    }

    private static EvaluationSums custom(String... names) {
        var sums = new TreeMap<String, double[]>();
        for (var name : names) {
            CustomMetrics.put(sums, name, 3);
        }
        return new EvaluationSums(SumNames.CUSTOM, List.of(), 20, sums);
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                .hasMessageContaining("does not declare")
                .message()
                .hasLineCount(1)
                .doesNotContain("row_17", "P007");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            training               | loss
            training               | learning_rate
            training               | seconds_per_batch
            test_on_local_updates  | liver_dice
            test_on_local_updates  | f1
            test_on_global_updates | precision[yes]
            test_on_global_updates | confusion_matrix[no, or,yes]
            test_on_global_updates | confusion_matrix[3,-1]
            test_on_global_updates | recall["so-so"]
            """)
    void whatIsDeclaredPasses(String phase, String name) {
        assertThatCode(() -> scalar(phase, name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            P007                   | loss
            training               | row_17
            training               | in_a_comment
            training               | P007 is sick
            training               | memory_mb
            test_on_local_updates  | learning_rate
            test_on_local_updates  | loss[P007]
            test_on_local_updates  | precision[P007]
            test_on_local_updates  | confusion_matrix[yes,P007]
            test_on_local_updates  | liver_dice[yes]
            """)
    void anotherNameIsRefused(String phase, String name) {
        refused(() -> scalar(phase, name));
    }

    @Test
    void aTestHasTheMetricsThatThePlanDeclaresAndNoMore() {
        assertThatCode(() -> DECLARED.requireDeclared(custom("liver_dice", "volume_error")))
                .doesNotThrowAnyException();
        refused(() -> DECLARED.requireDeclared(custom("liver_dice", "volume_error", "row_17")));
        refused(() -> DECLARED.requireDeclared(custom("P007")));
        var more = custom("liver_dice");
        more.sums().put("P007", new double[1]);
        refused(() -> DECLARED.requireDeclared(more));
        var longer = custom("liver_dice");
        longer.sums().put("custom.liver_dice", new double[1000]);
        refused(() -> DECLARED.requireDeclared(longer));
        refused(() -> DECLARED.requireDeclared(
                new EvaluationSums("P007", List.of(), 20, custom("liver_dice").sums())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vae/VaePlan.java         | negative_elbo
            vae/VaePlan.java         | reconstruction_mse
            unet3d/UNet3dPlan.java   | dice
            medical-folder/LesionPlan.java | dice
            digits/DigitsPlan.java   | recall[9]
            """)
    void theExamplesDeclareWhatTheyTell(String plan, String name) {
        var examples = Path.of("../examples");
        var scalar =
                new Scalar(1, new Participant(PartyId.of("hospital-a"), "a"), "test_on_local_updates", name, 1, 0, 0.5);
        assertThatCode(() -> new DeclaredResults(PlanSource.read(examples.resolve(plan))).requireDeclared(scalar))
                .doesNotThrowAnyException();
    }

    @Test
    void theShapesOfABatchAreThoseOfABatch() {
        DECLARED.requireBatch(List.of(List.of(16L, 3L, 28L, 28L), List.of(16L)), 16);
        refused(() -> DECLARED.requireBatch(List.of(List.of(17L, 3L)), 16));
        refused(() -> DECLARED.requireBatch(List.of(List.of(16L, 0L)), 16));
        refused(() -> DECLARED.requireBatch(List.of(List.of()), 16));
        refused(() -> DECLARED.requireBatch(List.of(Collections.nCopies(9, 1L)), 16));
        refused(() -> DECLARED.requireBatch(Collections.nCopies(33, List.of(1L)), 16));
    }

    @Test
    void classesStandInThePlansText() {
        var sums = new TreeMap<>(Map.of(
                SumNames.CONFUSION, new double[4],
                SumNames.POSITIVE_SCORES, new double[2 * 1024],
                SumNames.NEGATIVE_SCORES, new double[2 * 1024]));
        assertThatCode(() -> DECLARED.requireDeclared(
                        new EvaluationSums(SumNames.CLASSIFICATION, List.of("no, or", "yes"), 20, sums)))
                .doesNotThrowAnyException();
        refused(() -> DECLARED.requireDeclared(
                new EvaluationSums(SumNames.CLASSIFICATION, List.of("yes", "P007"), 20, sums)));
        sums.put(SumNames.CONFUSION, new double[] {1, 2, 3, Double.NaN});
        refused(() -> DECLARED.requireDeclared(
                new EvaluationSums(SumNames.CLASSIFICATION, List.of("no, or", "yes"), 20, sums)));
    }

    @Test
    void statisticsAreOfTheDatasetsColumnsAndTimingsOfOurPhases() {
        var dataset = new DatasetDescription(
                "liver-0001",
                "Liver",
                "csv",
                new TreeSet<>(),
                "",
                List.of(40L, 1L),
                List.of(new ColumnDescription("a", ColumnType.REAL, 0)),
                "0".repeat(64));
        var moments = new ColumnMoments(40, 0, 1, 1);
        assertThatCode(() -> DECLARED.requireDeclared(
                        new PreprocessingStatistics(new TreeMap<>(Map.of("a", moments)), new TreeMap<>(), 1), dataset))
                .doesNotThrowAnyException();
        refused(() -> DECLARED.requireDeclared(
                new PreprocessingStatistics(new TreeMap<>(Map.of("a", moments, "P007", moments)), new TreeMap<>(), 1),
                dataset));
        assertThat(DECLARED.declared(Timings.NONE.with("train", 7).with("P007", 1)))
                .isEqualTo(Timings.NONE.with("train", 7));
    }
}
