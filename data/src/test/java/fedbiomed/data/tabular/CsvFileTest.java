package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnDetail;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTest {
    @TempDir
    Path folder;

    private Path csv(String text) throws IOException {
        return Files.writeString(folder.resolve("heart.csv"), text);
    }

    private static ColumnDescription column(String name, ColumnType type, long missing) {
        return new ColumnDescription(name, type, missing);
    }

    @Test
    void columnsAreTypedOverTheWholeFile() throws IOException {
        var file = csv("""
                id,age,chol,smoker,city,note,mixed
                1,63,1.5,true,Nice,,1
                2,?,NA,False,Köln,-,true
                -3,41,2e3,TRUE,12,null,
                """);
        var described = CsvFile.describe(file);
        assertThat(described.samples()).isEqualTo(3);
        assertThat(described.columns())
                .containsExactly(
                        column("id", ColumnType.INTEGER, 0),
                        column("age", ColumnType.INTEGER, 1),
                        column("chol", ColumnType.REAL, 1),
                        column("smoker", ColumnType.BOOLEAN, 0),
                        column("city", ColumnType.TEXT, 0),
                        column("note", ColumnType.EMPTY, 3),
                        column("mixed", ColumnType.TEXT, 1));
        assertThat(described.fingerprint()).isEqualTo(Sha256.of(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                     | INTEGER
            +7                    | INTEGER
            007                   | INTEGER
            9223372036854775807   | INTEGER
            9223372036854775808   | REAL
            -9223372036854775808  | INTEGER
            1.                    | REAL
            .5                    | REAL
            -1.5E-3               | REAL
            1e-999                | REAL
            True                  | BOOLEAN
            .                     | TEXT
            +                     | TEXT
            e5                    | TEXT
            1e                    | TEXT
            1e+                   | TEXT
            1 000                 | TEXT
            0x10                  | TEXT
            1f                    | TEXT
            1d                    | TEXT
            1.2.3                 | TEXT
            2020-01-02            | DATE
            2020-02-30            | TEXT
            0000-01-01            | TEXT
            2020-1-2              | TEXT
            ١                     | TEXT
            yes                   | TEXT
            Na                    | TEXT
            """)
    void aValueIsOfOneType(String value, ColumnType type) throws IOException {
        assertThat(CsvFile.describe(csv("a\n" + value + "\n")).columns())
                .containsExactly(
                        type == ColumnType.DATE
                                ? new ColumnDescription("a", ColumnDetail.DATE, 0)
                                : column("a", type, 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NA", "N/A", "NaN", "nan", "null", "NULL", "?", "-", "  ", " NA "})
    void aMissingValueIsMissingHoweverItIsSpelt(String spelling) throws IOException {
        var file = csv("a,b\n" + spelling + ",1\n5,2\n");
        assertThat(CsvFile.describe(file).columns()).first().isEqualTo(column("a", ColumnType.INTEGER, 1));
        var table = CsvFile.read(file, List.of("a"));
        assertThat(table.numbers("a")).containsExactly(Double.NaN, 5);
        assertThat(table.texts("a")).containsExactly(null, "5");
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t"})
    void theSeparatorIsThatOfTheHeader(String separator) throws IOException {
        var file = csv(String.join(separator, "a", "\"b,;\tc\"", "d") + "\n"
                + String.join(separator, "1", "\"x" + separator + "\"\"y\"", "2") + "\n");
        var table = CsvFile.read(file, List.of("d", "b,;\tc"));
        assertThat(table.columnNames()).containsExactly("d", "b,;\tc");
        assertThat(table.texts("b,;\tc")).containsExactly("x" + separator + "\"y");
        assertThat(table.numbers("d")).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void everyLineEndIsOneAndTheLastMayLack(String end) throws IOException {
        var file = csv(end + String.join(end, "a,b", "1,2", "", "3,4"));
        assertThat(CsvFile.read(file, List.of("b")).numbers("b")).containsExactly(2, 4);
        assertThatThrownBy(() -> CsvFile.describe(csv(String.join(end, "a,b", "1,2", "", "3"))))
                .hasMessageContaining("line 4:");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        var file = csv("\uFEFFa,b\n1,2\n");
        assertThat(CsvFile.read(file, List.of("a")).numbers("a")).containsExactly(1);
        assertThat(CsvFile.describe(file).fingerprint()).isEqualTo(Sha256.of(file));
    }

    @Test
    void valuesOfAnyTypeAreTextAsWritten() throws IOException {
        var file = csv("n,t,b\n 1.50 , \"a b\" ,TRUE\n2,Ünïcødé 😀,false\n");
        var table = CsvFile.read(file, List.of("n", "t", "b", "n"));
        assertThat(table.rows()).isEqualTo(2);
        assertThat(table.columnNames()).containsExactly("n", "t", "b");
        assertThat(table.texts("n")).containsExactly("1.50", "2");
        assertThat(table.texts("t")[1]).isEqualTo("Ünïcødé 😀");
        assertThat(table.numbers("b")).containsExactly(1, 0);
        assertThat(table.numbers("n")).containsExactly(1.5, 2);
        assertThat(table.type("b")).isEqualTo(ColumnType.BOOLEAN);
        assertThat(table.has("n")).isTrue();
        assertThat(table.has("x")).isFalse();
    }

    @Test
    void anArrayThatATableGaveIsTheCallersOwn() throws IOException {
        var table = CsvFile.read(csv("a\n1\n"), List.of("a"));
        table.numbers("a")[0] = 9;
        assertThat(table.numbers("a")).containsExactly(1);
    }

    @Test
    void aQuotedValueMayHoldLineEnds() throws IOException {
        var file = csv("a,b\n\"x\ny\",1\n2,3\n");
        assertThat(CsvFile.describe(file).samples()).isEqualTo(2);
        assertThatThrownBy(() -> CsvFile.describe(csv("a,b\n\"x\ny\",1\n2\n"))).hasMessageContaining("line 4:");
    }

    /** FastCSV 4.2.0 alone joins or loses such rows. */
    @Test
    void aReturnBeforeAClosingQuoteLosesNoRow() throws IOException {
        var file = csv("a,b\n1,\"x\r\"\n2,\"\r\"\n");
        assertThat(CsvFile.read(file, List.of("a")).numbers("a")).containsExactly(1, 2);
    }

    @Test
    void aSingleColumnMayHaveQuotedEmptyValuesButNoEmptyLines() throws IOException {
        var table = CsvFile.read(csv("a\n\"\"\n\n5\n\"\""), List.of("a"));
        assertThat(table.numbers("a")).containsExactly(Double.NaN, 5, Double.NaN);
    }

    @Test
    void manyRowsAndLongValuesComeBackWhole() throws IOException {
        var text = new StringBuilder("n,t\n");
        int rows = 50_000;
        for (int i = 0; i < rows; i++) {
            text.append(i).append(",é").append("😀".repeat(i % 7)).append(i).append('\n');
        }
        var table = CsvFile.read(csv(text.toString()), List.of("n", "t"));
        assertThat(table.rows()).isEqualTo(rows);
        var numbers = table.numbers("n");
        var texts = table.texts("t");
        for (int i = 0; i < rows; i++) {
            assertThat(numbers[i]).isEqualTo(i);
            assertThat(texts[i]).isEqualTo("é" + "😀".repeat(i % 7) + i);
        }
    }

    @Test
    void textAndUnknownColumnsAreNotNumbersAndTheErrorSaysWhatThereIs() throws IOException {
        var table = CsvFile.read(csv("a,b,c\nsecret,1,2\n"), List.of("a", "b"));
        assertThatThrownBy(() -> table.numbers("a"))
                .hasMessage("heart.csv: column 'a' is TEXT, but numbers are needed; the columns read are a, b");
        assertThatThrownBy(() -> table.numbers("c")).hasMessage("heart.csv: there is no column 'c'; there are a, b");
        assertThatThrownBy(() -> table.texts("c")).hasMessageContaining("no column 'c'");
        assertThatThrownBy(() -> CsvFile.read(csv("a,b\n1,2\n"), List.of("z")))
                .hasMessage("heart.csv: there is no column 'z'; there are a, b");
    }

    @Test
    void aDecimalCommaIsToldFromOtherText() throws IOException {
        var table = CsvFile.read(csv("a;b\n1,5;x\n2;1,5\n"), List.of("a", "b"));
        assertThat(table.type("a")).isEqualTo(ColumnType.TEXT);
        assertThatThrownBy(() -> table.numbers("a"))
                .hasMessageContaining("column 'a' is TEXT: its numbers are written with a decimal comma");
        assertThatThrownBy(() -> table.numbers("b")).hasMessageContaining("column 'b' is TEXT, but numbers");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "-Infinity", "+INF", "1e999", "-1e400"})
    void anInfiniteNumberIsRefusedNamingColumnAndFirstLine(String infinity) throws IOException {
        var file = csv("a,b\n1,2\n3," + infinity + "\n4,inf\n");
        assertThatThrownBy(() -> CsvFile.describe(file))
                .hasMessageStartingWith("heart.csv, line 3: column 'b' has an infinite number")
                .hasMessageNotContaining(infinity + " ");
        assertThatThrownBy(() -> CsvFile.read(file, List.of("b")).numbers("b"))
                .hasMessageContaining("line 3: column 'b'");
        assertThat(CsvFile.describe(csv("a\ninf\nfoo\n")).columns()).containsExactly(column("a", ColumnType.TEXT, 0));
    }

    @Test
    void theFingerprintIsOfEveryByte() throws IOException {
        var file = folder.resolve("large.csv");
        Files.write(file, ("a\n" + "1234567\n".repeat(100_000) + "\n\n").getBytes(StandardCharsets.UTF_8));
        assertThat(CsvFile.describe(file).fingerprint()).isEqualTo(Sha256.of(file));
    }
}
