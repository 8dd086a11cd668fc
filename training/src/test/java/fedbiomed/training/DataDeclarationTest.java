package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.data.transform.Resize;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDeclarationTest {
    private static TrainingPlan.TrainingData table() {
        return new TrainingPlan.DatasetView().table();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".target(\"y\") | names no inputs",
                ".inputs(\"a\") | names no target",
                ".inputs(\"a\", \"a\").target(\"y\") | names the input 'a' twice",
                ".inputs(\"a\", \" \").target(\"y\") | a blank name of input",
                ".inputs(\"a\", \"y\").target(\"y\") | has 'y' as input and as target",
                ".inputs(\"a\").target(\"y\").classes(\"0\") | declares 1 classes; 2 to 256",
                ".inputs(\"a\").target(\"y\").classes(\"0\", \"0\") | names the class '0' twice",
                ".inputs(\"a\").target(\"y\").impute(CONSTANT) | without a finite value",
                ".inputs(\"a\").target(\"y\").impute(MEAN, 3) | with a value, which only CONSTANT takes",
                ".inputs(\"a\").target(\"y\").standardise(GIVEN) | not every input has one",
                ".inputs(\"a\").target(\"y\").given(\"a\", 0, 1) | constants that nothing uses",
                ".inputs(\"a\").target(\"y\").impute(MEAN, LOCAL).standardise() | imputes with LOCAL and standardises with FEDERATED",
                ".inputs(\"a\").target(\"y\").impute(MEDIAN, FEDERATED) | MEDIAN cannot be computed over nodes",
                ".inputs(\"a\").target(\"y\").impute(\"b\", MEAN) | imputes 'b', which is no input",
                ".inputs(\"a\").target(\"y\").impute(\"a\", CONSTANT, \"x\") | the text 'x' in a column of numbers",
                ".inputs(\"a\").target(\"y\").oneHot(\"b\", \"x\", \"z\") | declares categories of 'b', which is no input",
                ".inputs(\"a\").target(\"y\").oneHot(\"a\", \"x\") | has 1 category",
                ".inputs(\"a\").target(\"y\").oneHotOrOther(\"a\") | declares no categories of 'a'",
                ".inputs(\"a\").target(\"y\").oneHot(\"a\", \"x\", \"x\") | names the category of 'a' 'x' twice",
                ".inputs(\"a\").target(\"y\").oneHot(\"a\", \"x\", \"z\").impute(\"a\", MEAN) | have no MEAN",
                ".inputs(\"a\").target(\"y\").oneHot(\"a\", \"x\", \"z\").impute(\"a\", CONSTANT, \"q\") | none of its categories",
                ".inputs(\"a\").target(\"y\").stratify() | stratifies, but its target has no classes",
                ".inputs(\"a\").target(\"y\").classes(\"0\", \"1\").splitBy(\"y\") | splits by 'y', its target",
                ".inputs(\"a\").target(\"y\").splitBy(\" \") | a blank name of the column to split by",
                ".inputs(\"a\").target(\"y\").resize(\"a\", 8, 8) | names an array of a table",
            })
    void aContradictionIsTold(String calls, String expected) {
        refused("d.table()" + calls, expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".input(\"i\", 1, 6, 6).resize(\"j\", 8, 8) | resizes 'j', which is neither input nor target",
                ".input(\"i\", 1, 6, 6).resize(\"i\", 8) | resizes to [8]; write height and width",
                ".input(\"i\", 1, 6, 6).resize(\"i\", 0, 8) | resizes to [0, 8]",
                ".input(\"i\", 6).resize(\"i\", 8, 8) | of which 2 axes cannot be resized",
                ".input(\"i\", 60000, 6, 6).resize(\"i\", 6000, 6000) | more elements than fit in memory",
                ".input(\"i\", 1, 6, 6).normalise(\"i\", 0, 0) | standard deviations finite and above 0",
                ".input(\"i\", 1, 6, 6).normalise(\"i\", new double[] {1, 2, 3}, new double[] {1, 2, 3}) | 3 means to normalise its channels",
                ".input(\"i\", 1, 6, 6).normalise(\"i\", new double[] {1, 2}, new double[] {1}) | by 2 means and 1 standard deviations",
                ".input(\"i\", 1, 6, 6).scale(\"i\", 1 / 255) | 1 / 255 of two whole numbers is 0",
                ".input(\"i\", 1, 6, 6).augment(\"i\", flipHorizontal(2)) | flips with the probability 2.0",
                ".input(\"i\", 1, 6, 6).augment(\"i\", shift(3)) | shifts by up to 3.0 of the size",
                ".input(\"i\", 1, 6, 8).augment(\"i\", rotate90()) | only squares are turned",
                ".input(\"i\", 1, 6, 6).augment(\"i\", flipVertical(1)).resize(\"i\", 3, 3) | write .resize(...) before .augment(...)",
                ".input(\"i\", 1, 6, 6).target(\"l\").classes(\"0\", \"1\").scale(\"l\", 2) | one class or value a sample",
                ".input(\"i\", 1, 6, 6).target(\"m\").segmentation(\"0\", \"1\").scale(\"m\", 2) | can only be resized",
                ".input(\"i\", 1, 6, 6).target(\"m\").segmentation(\"0\", \"1\").augment(\"m\", rotate90()) | follows its image by itself",
                ".input(\"i\").input(\"j\").target(\"m\").segmentation(\"0\", \"1\").augment(\"i\", rotate90()).augment(\"j\", flipVertical(1)) | can follow none of them",
                ".input(\"i\").oneHot(\"i\", \"a\", \"b\") | encodes or standardises columns",
                ".input(\"i\").survival(\"t\", \"e\") | survival times of arrays",
                ".input(\"i\").target(\"m\").segmentation(\"0\", \"1\").stratify() | its target has no classes",
            })
    void aContradictionAboutArraysIsTold(String calls, String expected) {
        refused("d.tensors()" + calls, expected);
    }

    private static void refused(String data, String expected) {
        var text = "import fedbiomed.training.linear.*; public class P extends SgdRegressor {"
                + " public TrainingData data(DatasetView d) { return " + data + "; } }";
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            assertThatThrownBy(() -> plan.requirements(Args.NONE))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void givenMomentsHaveTheMeanAndDeviationThatWereGiven() {
        var data = table().inputs("a")
                .target("y")
                .standardise(StatisticsSource.GIVEN)
                .given("a", 50, 3)
                .declaration();
        var moments = Objects.requireNonNull(data.pipeline().given().get("a"));
        assertThat(moments.mean()).isEqualTo(50);
        assertThat(Math.sqrt(moments.variance())).isCloseTo(3, Offset.offset(1e-9));
    }

    @Test
    void aMedianIsEachNodesOwnAlsoBesideFederatedStatistics() {
        var data = table().inputs("a", "b")
                .impute("a", Imputation.MEDIAN)
                .standardise()
                .target("y")
                .declaration();
        assertThat(data.pipeline().columns().getFirst().fill().source()).isEqualTo(StatisticsSource.LOCAL);
        assertThat(data.federated()).containsExactly("a", "b");
        assertThat(table().inputs("a")
                        .impute(Imputation.MEDIAN)
                        .target("y")
                        .declaration()
                        .federated())
                .isEmpty();
    }

    @Test
    void featuresAreCountedWithTheirCategories() {
        var data = table().inputs("age", "sex", "stage")
                .oneHot("sex", "m", "f")
                .oneHotOrOther("stage", "I", "II")
                .impute(Imputation.MEAN)
                .impute("sex", Imputation.CONSTANT, "m")
                .standardise()
                .target("y")
                .splitBy("patient")
                .declaration();
        assertThat(data.width()).isEqualTo(1 + 2 + 3);
        assertThat(data.inputs()).containsExactly("age", "sex", "stage");
        assertThat(data.numbers()).containsExactly("age");
        assertThat(data.federated()).containsExactly("age");
        assertThat(data.columns()).containsExactly("age", "sex", "stage", "y", "patient");
        // a mean of all inputs is of those that are numbers
        assertThat(data.pipeline().columns())
                .extracting(column -> column.fill().imputation())
                .containsExactly(Imputation.MEAN, Imputation.CONSTANT, Imputation.NONE);
    }

    @Test
    void shapesAreThoseAfterTheSteps() {
        var data = new TrainingPlan.DatasetView()
                .tensors()
                .input("image", 3, 20, 30)
                .resize("image", 8, 12)
                .augment("image", TrainingPlan.flipHorizontal(0.5), TrainingPlan.gaussianNoise(1))
                .target("mask")
                .segmentation("no", "yes")
                .resize("mask", 8, 12)
                .declaration();
        assertThat(data.arrays().getFirst().preparedShape()).containsExactly(3, 8, 12);
        assertThat(data.targetSteps().get("mask"))
                .containsExactly(new Resize(List.of(8, 12), true), TrainingPlan.flipHorizontal(0.5));
    }
}
