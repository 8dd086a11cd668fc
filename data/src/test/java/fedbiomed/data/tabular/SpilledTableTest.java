package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Groups;
import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.data.loading.OtherValues;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns in files are what they are in memory. */
class SpilledTableTest {
    private static final List<String> COLUMNS =
            List.of("id", "code", "value", "flag", "day", "word", "hole", "empty", "large");
    private static final int ROWS = 5_000;
    private static final long HEAP = 256 << 10;
    private static final long DISK = 16 << 20;

    @TempDir
    Path folder;

    private Path tables() {
        return folder.resolve("tables");
    }

    private TableSpace small() {
        return TableSpace.spilling(tables(), DISK, HEAP);
    }

    /** @param quotes of a text whose comma must not separate, so that the file is not plain */
    private static String csv(String quotes) {
        var random = new SplittableRandom(3);
        var text = new StringBuilder(String.join(",", COLUMNS)).append('\n');
        for (int row = 0; row < ROWS; row++) {
            text.append(row % 600 - 5).append(",0").append(random.nextInt(9)).append(',');
            text.append(row % 11 == 0 ? "NA" : String.valueOf(random.nextInt(500) / 7.0 - 30))
                    .append(',');
            text.append(row % 2 == 0 ? "true," : "FALSE,")
                    .append("2024-02-")
                    .append(10 + row % 19)
                    .append(',');
            text.append(quotes)
                    .append("w ")
                    .append(random.nextInt(40))
                    .append(quotes)
                    .append(',');
            text.append(row % 3 == 0 ? " ," : row % 7 + " ,")
                    .append(',')
                    .append(Long.MAX_VALUE - row % 300)
                    .append('\n');
        }
        return text.toString();
    }

    private void same(StoredDataset data, List<String> columns) {
        var memory = DatasetKinds.read(data, columns);
        try (var files = DatasetKinds.read(data, columns, small())) {
            assertThat(memory.isSpilled()).isFalse();
            assertThat(files.isSpilled()).isTrue();
            assertThat(files.rows()).isEqualTo(memory.rows());
            assertThat(files.columnNames()).isEqualTo(memory.columnNames());
            for (var name : memory.columnNames()) {
                assertThat(files.type(name)).as(name).isEqualTo(memory.type(name));
                assertThat(files.texts(name)).as(name).isEqualTo(memory.texts(name));
                assertThat(numbers(files, name)).as(name).isEqualTo(numbers(memory, name));
            }
        }
        assertThat(tables()).isEmptyDirectory();
    }

    private static Object numbers(Table table, String name) {
        try {
            return Arrays.stream(table.numbers(name))
                    .mapToLong(Double::doubleToRawLongBits)
                    .toArray();
        } catch (FedbiomedException e) {
            return e.text();
        }
    }

    private StoredDataset file(String text) throws IOException {
        return new StoredDataset("csv", Files.writeString(folder.resolve("data.csv"), text));
    }

    @Test
    void ofPlainCsv() throws IOException {
        same(file(csv("")), COLUMNS);
    }

    @Test
    void ofCsvWithQuotes() throws IOException {
        same(file(csv("\"")), COLUMNS);
    }

    @Test
    void ofDeclaredTypes() throws IOException {
        var data = file(csv(""));
        same(
                StoredDataset.of(
                        "csv",
                        data.path(),
                        Map.of("types", "code:text,id:real,day:text,word:categorical,flag:boolean,hole:integer")),
                COLUMNS);
    }

    @Test
    void ofAColumnThatIsTextOnlyAfterTheFirstBlock() throws IOException {
        var text = new StringBuilder("a,b\n");
        for (int row = 0; text.length() < 9 << 20; row++) {
            text.append(row % 100).append(',').append(row).append(row == 700_000 ? "x\n" : "\n");
        }
        var data = file(text.toString());
        var memory = DatasetKinds.read(data, List.of("a", "b"));
        try (var files =
                DatasetKinds.read(data, List.of("a", "b"), TableSpace.spilling(tables(), 1L << 30, 256L << 20))) {
            assertThat(files.isSpilled()).as("the text takes more than 64 MiB").isFalse();
        }
        // room for the dictionary of a million texts, not for the table
        var spill = Spill.in(tables(), 1L << 30, () -> Long.MAX_VALUE, 64L << 20, new CsvProblem(data.path()));
        try (var files = new SpilledCsv(List.of(data.path()), List.of("a", "b"), DeclaredTypes.NONE, spill)
                .read(List.of("a", "b"))) {
            assertThat(files.type("b")).isEqualTo(memory.type("b"));
            assertThat(files.texts("b")).isEqualTo(memory.texts("b"));
            assertThat(files.numbers("a")).isEqualTo(memory.numbers("a"));
        }
    }

    @Test
    void ofParquet() throws IOException, SQLException {
        var parquet = folder.resolve("data.parquet");
        try (var duckDb = DuckDb.open(List.of(parquet), "", "0MB");
                var statement = duckDb.createStatement()) {
            statement.execute("COPY (SELECT i % 500 AS id, CASE WHEN i % 7 = 0 THEN NULL ELSE i - 2 END AS whole,"
                    + " CASE WHEN i = 3 THEN -9223372036854775808 ELSE 9223372036854775807 - i % 300 END AS large,"
                    + " CASE WHEN i % 5 = 0 THEN 'nan'::DOUBLE ELSE i % 90 / 7 END AS real, i % 2 = 0 AS flag,"
                    + " DATE '2020-01-01' + (i % 900)::INTEGER AS day,"
                    + " CASE WHEN i % 4 = 0 THEN NULL ELSE 'w' || (i % 30) END AS word, '' AS blank"
                    + " FROM range(7000) t(i)) TO " + DuckDb.text(parquet.toString()) + " (FORMAT parquet)");
        }
        var columns = List.of("word", "id", "whole", "large", "real", "flag", "day", "blank");
        same(new StoredDataset("parquet", parquet), columns);
        same(StoredDataset.of("parquet", parquet, Map.of("types", "id:text,word:categorical,day:text")), columns);
        var many = Files.createDirectory(folder.resolve("many"));
        Files.copy(parquet, many.resolve("1.parquet"));
        Files.copy(parquet, many.resolve("2.parquet"));
        same(new StoredDataset("table-folder", many), columns);
    }

    @Test
    void ofAFolder() throws IOException {
        var many = Files.createDirectory(folder.resolve("many"));
        Files.writeString(many.resolve("1.csv"), csv(""));
        Files.writeString(many.resolve("2.csv"), csv("\""));
        same(new StoredDataset("table-folder", many), COLUMNS);
        Files.writeString(many.resolve("2.csv"), csv(""));
        same(new StoredDataset("table-folder", many), COLUMNS);
    }

    @Test
    void ofALoadingPlan() throws IOException {
        var plan = new LoadingPlan(
                "agreed",
                List.of(
                        new LoadedColumn(
                                "kind", "word", new TreeMap<>(Map.of("w 1", "one", "w 2", "")), OtherValues.KEPT),
                        new LoadedColumn(
                                "number",
                                "flag",
                                new TreeMap<>(Map.of("true", "7", "FALSE", "2.5")),
                                OtherValues.REFUSED),
                        LoadedColumn.of("again", "value")),
                OtherColumns.KEPT);
        same(file(csv("")).under(plan), List.of("number", "again", "kind", "code", "hole", "id", "large", "day"));
        var refused = new LoadingPlan(
                "strict",
                List.of(new LoadedColumn("kind", "word", new TreeMap<>(Map.of("w 1", "one")), OtherValues.REFUSED)),
                OtherColumns.KEPT);
        var columns = List.of("kind", "code", "hole", "id", "large", "day", "value");
        var data = file(csv("")).under(refused);
        assertThatThrownBy(() -> DatasetKinds.read(data, columns, small()))
                .hasMessageContaining("of 5000 samples have a value that the loading plan does not recode");
        assertThat(tables()).as("nothing is left of a table that was refused").isEmptyDirectory();
    }

    @Test
    void groupsAreNumberedInOneWay() throws IOException {
        var data = file(csv(""));
        var memory = DatasetKinds.read(data, COLUMNS);
        try (var files = DatasetKinds.read(data, COLUMNS, small())) {
            for (var name : List.of("word", "code", "id")) {
                var expected = Groups.of(memory.textsOf(name));
                assertThat(Groups.of(files.textsOf(name)).ofRow()).isEqualTo(expected.ofRow());
                assertThat(Groups.of(files.textsOf(name)).count()).isEqualTo(expected.count());
            }
        }
    }

    @Test
    void numbersAreSortedAsInMemory() throws IOException {
        var random = new SplittableRandom(2);
        var text = new StringBuilder("a,b,c,d\n");
        for (int row = 0; row < 30_000; row++) {
            text.append(
                    random.nextInt(9) == 0
                            ? ""
                            : random.nextInt(9) == 0 ? "-0.0" : String.valueOf(random.nextInt(200) - 100));
            text.append(",0.0,-0,\n");
        }
        var data = file(text.toString());
        var columns = List.of("a", "b", "c", "d");
        var memory = DatasetKinds.read(data, columns);
        var rows = IntStream.range(0, 30_000).filter(row -> row % 3 != 0).toArray();
        try (var files = DatasetKinds.read(data, columns, small())) {
            assertThat(files.isSpilled()).isTrue();
            for (var name : columns) {
                for (int times = 0; times < 2; times++) {
                    try (var sorted = files.numbersOf(name).sorted(rows);
                            var expected = memory.numbersOf(name).sorted(rows)) {
                        assertThat(sorted.count()).isEqualTo(expected.count());
                        while (expected.values().hasNext()) {
                            assertThat(Double.doubleToRawLongBits(
                                            sorted.values().nextDouble()))
                                    .isEqualTo(Double.doubleToRawLongBits(
                                            expected.values().nextDouble()));
                        }
                        assertThat(sorted.values().hasNext()).isFalse();
                    }
                }
            }
        }
        assertThat(tables()).isEmptyDirectory();
    }

    @Test
    void textOfTooManyDifferentValuesIsRefusedAndNumbersAreNot() throws IOException {
        var text = new StringBuilder("note,\"number\"\n");
        for (int row = 0; row < 20_000; row++) {
            text.append("\"note ").append(row).append("\",").append(row / 3.0).append('\n');
        }
        var data = file(text.toString());
        assertThatThrownBy(() -> DatasetKinds.read(data, List.of("note"), small()))
                .hasMessageContainingAll("data.csv", "'note'", "so many different values", "64 KiB", "worker_heap");
        assertThat(tables()).isEmptyDirectory();
        try (var files = DatasetKinds.read(data, List.of("number"), small())) {
            assertThat(files.isSpilled()).isTrue();
            assertThat(files.numbers("number")[7]).isEqualTo(7 / 3.0);
            assertThatThrownBy(() -> files.texts("number"))
                    .hasMessageContaining("'number' has so many different values");
        }
    }

    @Test
    void aDiskWithoutRoomIsToldBeforeItIsFull() throws IOException {
        var data = file(csv(""));
        var full = new TableSpace(HEAP, tables(), DISK, () -> Spill.LEFT_FREE_BYTES + 1000);
        assertThatThrownBy(() -> DatasetKinds.read(data, COLUMNS, full))
                .hasMessageContainingAll(
                        "data.csv", "does not fit into memory", "1 MiB are free", "make room on the disk");
        var little = TableSpace.spilling(tables(), 100_000, HEAP);
        assertThatThrownBy(() -> DatasetKinds.read(data, COLUMNS, little))
                .hasMessageContainingAll("where this node allows 1 MiB (worker_tables)", "config.yaml");
        assertThat(tables()).isEmptyDirectory();
    }

    @Test
    void withoutAFolderATableThatDoesNotFitIsRefusedWithItsText() throws IOException {
        var none = new TableSpace(HEAP, null, 0, () -> 0);
        assertThatThrownBy(() -> DatasetKinds.read(file(csv("")), List.of("id", "value", "large", "code"), none))
                .hasMessageContainingAll("rows of 4 columns take", "worker_heap");
        assertThatThrownBy(() -> DatasetKinds.read(file(csv("")), List.of("word", "day", "flag"), none))
                .hasMessageContainingAll("128 KiB", "as text", "worker_heap");
        var many = Files.createDirectory(folder.resolve("many"));
        Files.writeString(many.resolve("1.csv"), csv(""));
        assertThatThrownBy(() -> DatasetKinds.read(new StoredDataset("table-folder", many), COLUMNS, none))
                .hasMessageContainingAll("as text", "worker_heap");
    }
}
