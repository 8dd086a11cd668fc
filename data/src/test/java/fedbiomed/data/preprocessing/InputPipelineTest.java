package fedbiomed.data.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.tabular.CsvFile;
import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InputPipelineTest {
    @TempDir
    Path folder;

    private Table table(String csv, String... columns) {
        try {
            return CsvFile.read(Files.writeString(folder.resolve("t.csv"), csv), List.of(columns));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static InputPipeline pipeline(
            Imputation imputation, boolean standardise, StatisticsSource source, String... inputs) {
        return pipeline(imputation, 0, standardise, source, Map.of(), inputs);
    }

    private static InputPipeline pipeline(
            Imputation imputation,
            double constant,
            boolean standardise,
            StatisticsSource source,
            Map<String, ColumnMoments> given,
            String... inputs) {
        var columns = Stream.of(inputs)
                .map(name -> InputColumn.number(
                        name, new Fill(imputation, constant, null, source), standardise ? source : null))
                .toList();
        return new InputPipeline(columns, given);
    }

    private static double[] apply(InputPipeline pipeline, Table table, int[] rows, PreprocessingStatistics statistics) {
        return pipeline.fit(table, rows, statistics).apply(table, rows);
    }

    private static int[] all(Table table) {
        return IntStream.range(0, table.rows()).toArray();
    }

    @Test
    void momentsAreOfTheRowsAskedFor() {
        var table = table("a,b\n1,10\n,20\n3,30\n100,\n", "a", "b");
        var statistics = pipeline(Imputation.MEAN, true, StatisticsSource.FEDERATED, "a", "b")
                .statistics(table, new int[] {0, 1, 2});
        assertThat(statistics.columns())
                .containsEntry("a", new ColumnMoments(2, 1, 4, 10))
                .containsEntry("b", new ColumnMoments(3, 0, 60, 1400));
        assertThat(statistics.participants()).isEqualTo(1);
        assertThat(statistics.categories()).isEmpty();
    }

    @Test
    void nodesTogetherStandardiseAsOneTableWould() {
        var whole = table("a\n1\n2\n4\n8\n16\n", "a");
        var pipeline = pipeline(Imputation.NONE, true, StatisticsSource.FEDERATED, "a");
        var combined =
                pipeline.statistics(whole, new int[] {0, 1}).plus(pipeline.statistics(whole, new int[] {2, 3, 4}));
        double mean = 6.2;
        double deviation = Math.sqrt((27.04 + 17.64 + 4.84 + 3.24 + 96.04) / 5);
        assertThat(apply(pipeline, whole, all(whole), combined))
                .containsExactly(
                        new double[] {
                            (1 - mean) / deviation,
                            (2 - mean) / deviation,
                            (4 - mean) / deviation,
                            (8 - mean) / deviation,
                            (16 - mean) / deviation
                        },
                        within(1e-14));
    }

    @Test
    void imputedMeansCountInTheVarianceButAddNothingToIt() {
        // the column 1, 3, mean, mean = 1, 3, 2, 2 has variance 2/4
        var table = table("a,b\n1,1\n3,1\n,1\n,1\n", "a");
        var pipeline = pipeline(Imputation.MEAN, true, StatisticsSource.LOCAL, "a");
        var statistics = pipeline.statistics(table, all(table));
        assertThat(apply(pipeline, table, all(table), statistics))
                .containsExactly(new double[] {-Math.sqrt(2), Math.sqrt(2), 0, 0}, within(1e-15));
    }

    @Test
    void valuesComeRowByRowInTheModelsOrder() {
        var table = table("a,b,c\n1,2,x\n3,4,x\n5,6,x\n", "a", "b");
        var pipeline = pipeline(Imputation.NONE, false, StatisticsSource.FEDERATED, "b", "a");
        assertThat(apply(pipeline, table, new int[] {2, 0}, PreprocessingStatistics.NONE))
                .containsExactly(6, 5, 2, 1);
        assertThat(pipeline.federated()).isEmpty();
    }

    @Test
    void federatedStatisticsAreNeededForStandardisingAndForMeans() {
        for (var source : StatisticsSource.values()) {
            boolean federated = source == StatisticsSource.FEDERATED;
            var given = Map.of("a", new ColumnMoments(1, 0, 1, 1));
            assertThat(pipeline(Imputation.NONE, 0, true, source, given, "a").federated())
                    .isEqualTo(federated ? List.of("a") : List.of());
            assertThat(pipeline(Imputation.MEAN, 0, false, source, given, "a").federated())
                    .isEqualTo(federated ? List.of("a") : List.of());
            assertThat(pipeline(Imputation.CONSTANT, 0, false, source, given, "a")
                            .federated())
                    .isEmpty();
        }
    }

    @Test
    void aColumnThatIsConstantIsCentredAndNotBlownUp() {
        var table = table("a,b\n" + "0.1,123456.789\n".repeat(1_000), "a", "b");
        var pipeline = pipeline(Imputation.NONE, true, StatisticsSource.LOCAL, "a", "b");
        for (double value : apply(pipeline, table, all(table), pipeline.statistics(table, all(table)))) {
            assertThat(value).isCloseTo(0, within(1e-10));
        }
        assertThat(pipeline.fit(table, all(table), PreprocessingStatistics.NONE).columns())
                .extracting(column -> ((ColumnFit) column).scale())
                .containsExactly(1.0, 1.0);
    }

    @Test
    void aSmallSpreadAboutALargeMeanIsNotLost() {
        var csv = new StringBuilder("a\n");
        for (int i = 0; i < 100_000; i++) {
            csv.append(1_000_000 + (i % 2 == 0 ? 1 : -1) * 0.5).append('\n');
        }
        var table = table(csv.toString(), "a");
        var fit = (ColumnFit) pipeline(Imputation.NONE, true, StatisticsSource.LOCAL, "a")
                .fit(table, all(table), PreprocessingStatistics.NONE)
                .columns()
                .getFirst();
        assertThat(fit.mean()).isEqualTo(1_000_000);
        assertThat(fit.scale()).isCloseTo(0.5, within(1e-3));
    }

    @Test
    void aMissingValueThatIsNotImputedIsReportedByColumnAndCount() {
        var table = table("a,b\n1,1\n,1\n,1\n", "a");
        var pipeline = pipeline(Imputation.NONE, false, StatisticsSource.FEDERATED, "a");
        assertThatThrownBy(() -> apply(pipeline, table, all(table), PreprocessingStatistics.NONE))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessage("input 'a' has no value in 2 of 3 rows; impute it in the plan, or leave it out");
        assertThat(apply(pipeline, table, new int[] {0}, PreprocessingStatistics.NONE))
                .containsExactly(1);
    }

    @Test
    void aConstantIsImputed() {
        var table = table("a,b\n1,1\n,1\n", "a");
        var pipeline = pipeline(Imputation.CONSTANT, -9, false, StatisticsSource.FEDERATED, Map.of(), "a");
        assertThat(apply(pipeline, table, all(table), PreprocessingStatistics.NONE))
                .containsExactly(1, -9);
    }

    @ParameterizedTest
    @EnumSource(names = {"MEAN", "MEDIAN", "MOST_FREQUENT"})
    void aColumnWithoutAnyValueCannotBeImputedFromItself(Imputation imputation) {
        var table = table("a,b\n,1\nNA,1\n", "a");
        var pipeline = pipeline(imputation, false, StatisticsSource.LOCAL, "a");
        assertThatThrownBy(() -> pipeline.fit(table, all(table), PreprocessingStatistics.NONE))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageStartingWith("input 'a' has no value in any training row");
    }

    @Test
    void aMedianAndTheMostFrequentValueComeFromTheTrainingRowsAlone() {
        var table = table("a,b\n1,1\n2,1\n2,1\n,1\n10,1\n99,1\n99,1\n99,1\n", "a");
        int[] training = {0, 1, 2, 3, 4};
        assertThat(pipeline(Imputation.MEDIAN, false, StatisticsSource.LOCAL, "a")
                        .fit(table, training, PreprocessingStatistics.NONE)
                        .apply(table, new int[] {3, 5}))
                .containsExactly(2, 99);
        assertThat(pipeline(Imputation.MOST_FREQUENT, false, StatisticsSource.LOCAL, "a")
                        .fit(table, new int[] {0, 3, 4}, PreprocessingStatistics.NONE)
                        .apply(table, new int[] {3}))
                .containsExactly(1);
        assertThat(pipeline(Imputation.MEDIAN, false, StatisticsSource.LOCAL, "a")
                        .fit(table, new int[] {0, 2, 3}, PreprocessingStatistics.NONE)
                        .apply(table, new int[] {3}))
                .containsExactly(1.5);
    }

    @ParameterizedTest
    @EnumSource(names = {"FEDERATED", "GIVEN"})
    void aMedianThatIsNotLocalIsRefusedWithWhatToDo(StatisticsSource source) {
        for (var imputation : List.of(Imputation.MEDIAN, Imputation.MOST_FREQUENT)) {
            assertThatThrownBy(() -> pipeline(imputation, false, source, "a"))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                    .hasMessageContaining("ask for LOCAL statistics");
        }
    }

    @Test
    void givenMomentsAreUsedWhateverTheTableHolds() {
        var table = table("a\n5\n9\n", "a");
        // count 4, mean 5, variance 4
        var given = Map.of("a", new ColumnMoments(4, 0, 20, 116));
        var pipeline = pipeline(Imputation.NONE, 0, true, StatisticsSource.GIVEN, given, "a");
        assertThat(apply(pipeline, table, all(table), PreprocessingStatistics.NONE))
                .containsExactly(0, 2);
        assertThatThrownBy(() -> pipeline(Imputation.NONE, 0, true, StatisticsSource.GIVEN, given, "a", "b"))
                .hasMessage("the given statistics lack input 'b'; give its moments");
    }

    @Test
    void statisticsThatLackAnInputAreReported() {
        var table = table("a\n5\n", "a");
        var pipeline = pipeline(Imputation.NONE, true, StatisticsSource.FEDERATED, "a");
        var other = new PreprocessingStatistics(new TreeMap<>(), new TreeMap<>(), 3);
        assertThatThrownBy(() -> apply(pipeline, table, all(table), other))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("lack input 'a'");
    }

    @Test
    void aPipelineWithoutInputsOrWithOneTwiceOrAnInfiniteConstantIsRefused() {
        assertThatThrownBy(() -> pipeline(Imputation.NONE, false, StatisticsSource.LOCAL))
                .hasMessageContaining("name its input columns");
        assertThatThrownBy(() -> pipeline(Imputation.NONE, false, StatisticsSource.LOCAL, "a", "a"))
                .hasMessageContaining("each once");
        assertThatThrownBy(
                        () -> pipeline(Imputation.CONSTANT, Double.NaN, false, StatisticsSource.LOCAL, Map.of(), "a"))
                .hasMessageContaining("name a finite constant");
    }

    @Test
    void numbersWhoseSquaresOverflowAreReported() {
        var table = table("a\n1e200\n2\n", "a");
        var pipeline = pipeline(Imputation.NONE, true, StatisticsSource.LOCAL, "a");
        assertThatThrownBy(() -> pipeline.statistics(table, all(table)))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("input 'a' has numbers so large");
    }
}
