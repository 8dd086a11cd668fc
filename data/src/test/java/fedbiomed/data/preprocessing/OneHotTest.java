package fedbiomed.data.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.tabular.CsvFile;
import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of categories beside columns of numbers. Figures are counted by hand. */
class OneHotTest {
    private static final Fill MOST_FREQUENT =
            new Fill(Imputation.MOST_FREQUENT, Double.NaN, null, StatisticsSource.LOCAL);

    @TempDir
    Path folder;

    private Table table(String csv) throws IOException {
        return CsvFile.read(Files.writeString(folder.resolve("t.csv"), csv), List.of("age", "sex", "stage"));
    }

    private static double[] all(InputPipeline pipeline, Table table) {
        var rows = IntStream.range(0, table.rows()).toArray();
        return pipeline.fit(table, rows, PreprocessingStatistics.NONE).apply(table, rows);
    }

    private static InputPipeline of(InputColumn... columns) {
        return new InputPipeline(List.of(columns), Map.of());
    }

    private static Fill constant(String category) {
        return new Fill(Imputation.CONSTANT, Double.NaN, category, StatisticsSource.LOCAL);
    }

    @Test
    void featuresStandInTheOrderOfTheInputsAndOnlyNumbersAreStandardised() throws IOException {
        var table = table("age,sex,stage\n40,m,1\n60,f,2\n40,f,3\n60,m,1\n");
        var pipeline = of(
                InputColumn.oneHot("sex", List.of("f", "m"), false, Fill.NONE),
                InputColumn.number("age", Fill.NONE, StatisticsSource.LOCAL),
                InputColumn.oneHot("stage", List.of("1", "2"), true, Fill.NONE));
        assertThat(pipeline.width()).isEqualTo(6);
        assertThat(pipeline.inputs()).containsExactly("sex", "age", "stage");
        assertThat(all(pipeline, table))
                .containsExactly(
                        0, 1, -1, 1, 0, 0, //
                        1, 0, 1, 0, 1, 0, //
                        1, 0, -1, 0, 0, 1, //
                        0, 1, 1, 1, 0, 0);
    }

    @Test
    void whatComesOutIsScikitLearns() throws IOException {
        // ColumnTransformer([make_pipeline(SimpleImputer("mean"), StandardScaler()), make_pipeline(
        // SimpleImputer("most_frequent"), OneHotEncoder(categories=[["m", "f"]])), OneHotEncoder([["I", "II",
        // "III"]])])
        var table = table("age,sex,stage\n40,m,I\n60,f,II\n,f,III\n55,,I\n47,f,II\n");
        var pipeline = of(
                InputColumn.number(
                        "age",
                        new Fill(Imputation.MEAN, Double.NaN, null, StatisticsSource.LOCAL),
                        StatisticsSource.LOCAL),
                InputColumn.oneHot("sex", List.of("m", "f"), false, MOST_FREQUENT),
                InputColumn.oneHot("stage", List.of("I", "II", "III"), false, Fill.NONE));
        double deviation = Math.sqrt(46.6);
        assertThat(all(pipeline, table))
                .containsExactly(
                        new double[] {
                            -10.5 / deviation,
                            1,
                            0,
                            1,
                            0,
                            0, //
                            9.5 / deviation,
                            0,
                            1,
                            0,
                            1,
                            0, //
                            0,
                            0,
                            1,
                            0,
                            0,
                            1, //
                            4.5 / deviation,
                            0,
                            1,
                            1,
                            0,
                            0, //
                            -3.5 / deviation,
                            0,
                            1,
                            0,
                            1,
                            0
                        },
                        within(1e-14));
    }

    @Test
    void ofCategoriesNoStatisticsLeaveTheNode() throws IOException {
        var table = table("age,sex,stage\n40,m,1\n60,f,2\n");
        var pipeline = of(
                InputColumn.oneHot("sex", List.of("f", "m"), false, MOST_FREQUENT),
                InputColumn.number(
                        "age",
                        new Fill(Imputation.MEDIAN, Double.NaN, null, StatisticsSource.LOCAL),
                        StatisticsSource.FEDERATED),
                InputColumn.number("stage", Fill.NONE, StatisticsSource.LOCAL));
        assertThat(pipeline.federated()).containsExactly("age");
        assertThat(pipeline.federatedStatistics(table, new int[] {0, 1}).columns())
                .containsOnlyKeys("age");
    }

    @Test
    void aMissingCategoryIsTheMostFrequentOfTheTrainingRowsOrAConstantOrAnError() throws IOException {
        var table = table("age,sex,stage\n1,m,1\n1,f,2\n1,f,2\n1,,3\n1,m,3\n1,m,3\n");
        int[] training = {0, 1, 2, 3};
        var frequent = of(InputColumn.oneHot("sex", List.of("m", "f"), false, MOST_FREQUENT));
        assertThat(frequent.fit(table, training, PreprocessingStatistics.NONE).apply(table, new int[] {3, 4}))
                .containsExactly(0, 1, 1, 0);
        var constant = of(InputColumn.oneHot("sex", List.of("m", "f"), false, constant("m")));
        assertThat(constant.fit(table, training, PreprocessingStatistics.NONE).apply(table, new int[] {3}))
                .containsExactly(1, 0);
        var unknown = of(InputColumn.oneHot("sex", List.of("m", "f"), true, constant("unknown")));
        assertThat(unknown.fit(table, training, PreprocessingStatistics.NONE).apply(table, new int[] {3}))
                .containsExactly(0, 0, 1);
        var error = of(InputColumn.oneHot("sex", List.of("m", "f"), true, Fill.NONE));
        assertThatThrownBy(() -> all(error, table))
                .hasMessage("input 'sex' has no value in 1 of 6 rows; impute it in the plan, or leave it out");
    }

    @Test
    void aCategoryThatIsNotDeclaredIsCountedAndNotToldWhicheverRowsAreRead() throws IOException {
        var table = table("age,sex,stage\n1,m,1\n1,f,2\n1,secret,2\n");
        var pipeline = of(InputColumn.oneHot("sex", List.of("m", "f"), false, Fill.NONE));
        assertThatThrownBy(() -> pipeline.fit(table, new int[] {0}, PreprocessingStatistics.NONE)
                        .apply(table, new int[] {0}))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining("input 'sex': 1 of 3 rows have a value that is no category of the plan")
                .hasMessageContaining("[m, f]")
                .hasMessageNotContaining("secret");
    }

    @Test
    void ofNoValueAtAllThereIsNoMostFrequent() throws IOException {
        var table = table("age,sex,stage\n1,,1\n1,m,2\n");
        var pipeline = of(InputColumn.oneHot("sex", List.of("m", "f"), false, MOST_FREQUENT));
        assertThatThrownBy(() -> pipeline.fit(table, new int[] {0}, PreprocessingStatistics.NONE))
                .hasMessageStartingWith("input 'sex' has no value in any training row");
    }

    @Test
    void aContradictionIsThePlansFault() {
        invalid(() -> InputColumn.oneHot("sex", List.of("m"), false, Fill.NONE), "has 1 category");
        invalid(() -> InputColumn.oneHot("sex", List.of("m", "m"), false, Fill.NONE), "one category twice");
        invalid(() -> InputColumn.oneHot("sex", List.of("m", "f"), false, constant("x")), "none of its categories");
        invalid(
                () -> InputColumn.oneHot(
                        "sex",
                        List.of("m", "f"),
                        false,
                        new Fill(Imputation.MEAN, Double.NaN, null, StatisticsSource.LOCAL)),
                "have no MEAN");
    }

    private static void invalid(Runnable declaration, String expected) {
        assertThatThrownBy(declaration::run)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                .hasMessageContaining(expected);
    }
}
