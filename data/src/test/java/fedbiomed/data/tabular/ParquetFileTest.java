package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code cohort.parquet} and {@code cohort.csv} are one table of made-up patients, written by pandas 3.1.1 with pyarrow
 * 26.0.1 (row groups of 200); the figures here are pandas' of the Parquet file: {@code df.isna().sum()},
 * {@code df[c].dropna().astype('float64').sum()}, {@code min()}, {@code max()}.
 */
class ParquetFileTest {
    private static final Path COHORT = Resources.file("tabular/cohort.parquet");

    @TempDir
    Path folder;

    private static StoredDataset parquet(Path file) {
        return new StoredDataset("parquet", file);
    }

    private static StoredDataset parquet(Path file, String types) {
        return StoredDataset.of("parquet", file, Map.of("types", types));
    }

    private Path written(String query) throws SQLException {
        var file = folder.resolve("made.parquet");
        try (var duckDb = DuckDb.open(List.of(file), "", "0MB");
                var statement = duckDb.createStatement()) {
            statement.execute("COPY (" + query + ") TO " + DuckDb.text(file.toString()) + " (FORMAT parquet)");
        }
        return file;
    }

    private static void refused(StoredDataset data, String... says) {
        assertThatThrownBy(() -> DatasetKinds.describe(data))
                .isInstanceOfSatisfying(
                        FedbiomedException.class,
                        e -> assertThat(e.code()).as(e.text()).isIn(ErrorCode.DATA_UNFIT, ErrorCode.UNSUPPORTED))
                .hasMessageContainingAll(says);
    }

    @Test
    void aFileOfPandasIsDescribedAsPandasDoes() {
        var content = DatasetKinds.describe(parquet(COHORT));
        assertThat(content.shape()).containsExactly(500L, 11L);
        assertThat(content.columns())
                .extracting(ColumnDescription::name, ColumnDescription::type, ColumnDescription::missing)
                .map(Objects::toString)
                .containsExactly(
                        "(\"patient\", INTEGER, 0L)",
                        "(\"zip\", TEXT, 0L)",
                        "(\"sex\", TEXT, 0L)",
                        "(\"born\", DATE, 0L)",
                        "(\"visit\", TEXT, 0L)",
                        "(\"crp\", REAL, 40L)",
                        "(\"weight\", REAL, 0L)",
                        "(\"beats\", INTEGER, 0L)",
                        "(\"smoker\", BOOLEAN, 158L)",
                        "(\"nothing\", EMPTY, 500L)",
                        "(\"sick\", INTEGER, 0L)");
    }

    @Test
    void itsNumbersArePandas() {
        var table = DatasetKinds.read(
                parquet(COHORT), List.of("crp", "weight", "beats", "smoker", "born", "zip", "visit", "sick"));
        assertNumbers(table.numbers("crp"), 460, 2158.5045362284864, 0.10652110829351719, 61.72947188949978);
        assertNumbers(table.numbers("weight"), 500, 34929.8656539917, 30.810230255126953, 103.42127227783203);
        assertNumbers(
                table.numbers("beats"), 500, -1.489971067022361e+19, -4.6009385423899587e+18, 4.5992904574479805e+18);
        assertNumbers(table.numbers("smoker"), 342, 163, 0, 1);
        assertThat(Arrays.stream(table.numbers("born")).sum()).isEqualTo(416583);
        assertThat(table.texts("born")[0]).isEqualTo("1993-09-01");
        assertThat(table.texts("zip")).startsWith("42675", "35501", "12929");
        assertThat(table.texts("visit")[0]).isEqualTo("2026-01-03 14:45:06");
        assertThat(table.texts("beats")).startsWith("-138347069005376477", "3713690311007581634");
        assertThat(Arrays.stream(table.texts("sick")).filter("1"::equals)).hasSize(271);
    }

    private static void assertNumbers(double[] values, int count, double sum, double min, double max) {
        var there = Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
        assertThat(there).hasSize(count);
        // pandas adds pairwise
        assertThat(Arrays.stream(there).sum()).isCloseTo(sum, org.assertj.core.data.Percentage.withPercentage(1e-10));
        assertThat(Arrays.stream(there).min()).hasValue(min);
        assertThat(Arrays.stream(there).max()).hasValue(max);
    }

    @Test
    void theSameTableAsCsvIsTheSame() {
        var types = "zip:text,smoker:boolean";
        var csv = StoredDataset.of("csv", Resources.file("tabular/cohort.csv"), Map.of("types", types));
        var columns = List.of("patient", "zip", "born", "visit", "crp", "beats", "sick");
        var ofCsv = DatasetKinds.read(csv, columns);
        var ofParquet = DatasetKinds.read(parquet(COHORT), columns);
        for (var column : List.of("patient", "born", "crp", "beats", "sick")) {
            assertThat(ofCsv.numbers(column)).as(column).isEqualTo(ofParquet.numbers(column));
        }
        for (var column : List.of("zip", "born", "visit", "sick")) {
            assertThat(ofCsv.texts(column)).as(column).isEqualTo(ofParquet.texts(column));
        }
        assertThat(DatasetKinds.describe(csv).columns())
                .extracting(ColumnDescription::type)
                .containsExactlyElementsOf(DatasetKinds.describe(parquet(COHORT)).columns().stream()
                        .map(ColumnDescription::type)
                        .toList());
    }

    @Test
    void declaredTypesWin() {
        var content = DatasetKinds.describe(parquet(COHORT, "sex:categorical(f|m),sick:text,zip:categorical"));
        assertThat(content.columns().get(2).detail())
                .hasToString("ColumnDetail[type=CATEGORICAL, categories=2, values=[f, m]]");
        assertThat(content.columns().get(1).detail())
                .hasToString("ColumnDetail[type=CATEGORICAL, categories=498, values=[]]");
        assertThat(content.columns().get(10).type()).isEqualTo(ColumnType.TEXT);
        assertThat(content.fingerprint())
                .isNotEqualTo(DatasetKinds.describe(parquet(COHORT)).fingerprint());
        refused(parquet(COHORT, "sex:categorical(f|x)"), "cohort.parquet, row 1:", "'sex'", "not declared", "f, x");
        refused(parquet(COHORT, "crp:integer"), "row 1:", "'crp' is declared INTEGER");
        refused(parquet(COHORT, "sx:text"), "'sx'", "there is no column", "patient, zip, sex");
    }

    @Test
    void whatIsNoTableIsRefusedByName() throws SQLException {
        refused(parquet(Resources.file("tabular/nested.parquet")), "nested.parquet", "'codes' is nested");
        refused(parquet(written("SELECT 1 AS a, {'x': 1} AS pair")), "'pair' is nested");
        refused(parquet(written("SELECT 1 AS a, 'x'::BLOB AS scan")), "'scan' is of type BLOB");
        refused(parquet(written("SELECT 1 AS a WHERE false")), "no row");
        refused(parquet(written("SELECT unnest([1.0, 'inf'::DOUBLE]) AS ratio")), "row 2", "'ratio'", "infinite");
    }

    @Test
    void aFileThatIsCutOffOrNoneIsRefused() throws IOException {
        var bytes = Files.readAllBytes(COHORT);
        for (int length : new int[] {0, 3, 12, bytes.length / 2, bytes.length - 1}) {
            refused(parquet(Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(bytes, length))), "cut.parquet");
        }
        refused(parquet(Resources.file("tabular/cohort.csv")), "cannot be read as Parquet");
    }

    @Test
    void aBombIsDescribedInBoundedMemoryAndRefusedForTraining() throws SQLException {
        var bomb = parquet(written("SELECT 7 AS a, 'x' AS b FROM range(5_000_000)"));
        assertThat(DatasetKinds.describe(bomb).samples()).isEqualTo(5_000_000);
        assertThatThrownBy(() -> MemoryBudget.require(CsvProblem.ofRows(bomb.path()), 30_000_000, 2, 256 << 20))
                .hasMessageContainingAll("30000000 rows of 2 columns take 457 MiB", "128 MiB", "worker_heap");
    }

    /** The footer is Thrift compact: the row count is replaced where it stands alone. */
    @Test
    void aFooterThatLiesAboutItsRowsIsRefused() throws SQLException, IOException {
        var file = written("SELECT i AS a FROM range(64) t(i)");
        var bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
        int replaced = 0;
        for (int at = bytes.length - 8 - length; at < bytes.length - 9; at++) {
            // zigzag of 64
            if ((bytes[at] & 0xff) == 0x80 && bytes[at + 1] == 1) {
                bytes[at] = (byte) 0xfe;
                replaced++;
            }
        }
        assertThat(replaced).isPositive();
        refused(parquet(Files.write(file, bytes)), "made.parquet");
    }

    @Test
    void oneRowOfTenThousandColumns() throws SQLException {
        var columns = new StringBuilder("1 AS c0");
        for (int i = 1; i < 10_000; i++) {
            columns.append(", ").append(i).append(" AS c").append(i);
        }
        var wide = parquet(written("SELECT " + columns));
        assertThat(DatasetKinds.describe(wide).columns()).hasSize(10_000);
        assertThat(DatasetKinds.read(wide, List.of("c9999", "c5")).numbers("c9999"))
                .containsExactly(9999);
    }
}
