package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One test an error: each names the file, where it is, and what to do; none repeats a cell. */
class CsvErrorsTest {
    /** Stands in for what a patient's row holds. */
    private static final String SECRET = "Meier";

    @TempDir
    Path folder;

    private String refused(byte[] bytes) throws IOException {
        return refused(Files.write(folder.resolve("heart.csv"), bytes), ErrorCode.DATA_UNFIT);
    }

    private String refused(String text) throws IOException {
        return refused(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String refused(Path file, ErrorCode code) {
        var text = new StringBuilder();
        assertThatExceptionOfType(FedbiomedException.class)
                .isThrownBy(() -> CsvFile.describe(file))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.text()).doesNotContain(SECRET).hasSizeLessThan(600);
                    for (Throwable t = e; t != null; t = t.getCause()) {
                        assertThat(String.valueOf(t.getMessage())).doesNotContain(SECRET);
                    }
                    text.append(e.text());
                });
        assertThatExceptionOfType(FedbiomedException.class)
                .isThrownBy(() -> CsvFile.read(file, List.of()))
                .satisfies(e -> assertThat(e.text()).isEqualTo(text.toString()));
        return text.toString();
    }

    @Test
    void aRowTooShortOrTooLongIsReportedByLineWithBothCounts() throws IOException {
        assertThat(refused("a,b,c\n1,2,3\n" + SECRET + ",2\n"))
                .startsWith("heart.csv, line 3: 2 fields where the header has 3; look for a separator");
        assertThat(refused("a,b\n1,2\n" + SECRET + ",2,3\n"))
                .startsWith("heart.csv, line 3: 3 fields where the header has 2");
    }

    @Test
    void aFileWhoseFirstLineIsNoHeaderGetsAHint() throws IOException {
        assertThat(refused("569,30\n1,2,3\n"))
                .contains("line 2: 3 fields", "is the first line the names of all columns?");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() throws IOException {
        assertThat(refused("age,sex, age\n1,2,3\n"))
                .isEqualTo("heart.csv, line 1: columns 1 and 3 are both named 'age'; rename one");
    }

    @Test
    void aColumnWithoutANameIsRefused() throws IOException {
        assertThat(refused(",age\n1,2\n"))
                .startsWith("heart.csv, line 1: column 1 has no name")
                .contains("index=False");
        assertThat(refused("age, ,b\n1,2,3\n")).startsWith("heart.csv, line 1: column 2 has no name");
    }

    @Test
    void anEmptyFileIsRefused() throws IOException {
        assertThat(refused("")).startsWith("heart.csv: it is empty; the first line names the columns");
        assertThat(refused("\n\r\n\n")).startsWith("heart.csv: it is empty");
        assertThat(refused("\uFEFF")).startsWith("heart.csv: it is empty");
    }

    @Test
    void aHeaderWithoutRowsIsRefused() throws IOException {
        assertThat(refused("a,b\n")).startsWith("heart.csv: it has a header and no row; add the data");
        assertThat(refused("a,b")).startsWith("heart.csv: it has a header and no row");
    }

    @Test
    void aMissingFileIsReportedByItsNameAlone() {
        assertThat(refused(folder.resolve("gone.csv"), ErrorCode.DATASET_CHANGED))
                .startsWith("gone.csv: there is no such file; restore it")
                .doesNotContain(folder.toString());
    }

    @Test
    void aFolderIsRefused() {
        assertThat(refused(folder, ErrorCode.DATA_UNFIT)).contains("it is a folder; name the CSV file in it");
    }

    @Test
    void aDeviceIsRefused() {
        assumeTrue(Files.exists(Path.of("/dev/zero")), "no /dev/zero here");
        assertThat(refused(Path.of("/dev/zero"), ErrorCode.DATA_UNFIT)).contains("zero: it is not a regular file");
    }

    @Test
    void aFileThatMayNotBeReadIsRefused() throws IOException {
        var file = Files.writeString(folder.resolve("heart.csv"), "a\n1\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "this account (root?) may read every file");
        assertThat(refused(file, ErrorCode.DATA_UNFIT)).contains("it may not be read; give the account");
    }

    @Test
    void aFileThatFailsWhileItIsReadIsRefused() {
        var file = Path.of("/proc/self/mem");
        assumeTrue(Files.isRegularFile(file), "no /proc/self/mem here: its first bytes are a file that cannot be read");
        assertThat(refused(file, ErrorCode.DATA_UNFIT)).startsWith("mem: reading it failed (");
    }

    @Test
    void latin1IsReportedByLineWithTheRemedy() throws IOException {
        assertThat(refused(("name,b\n\n1,2\n" + SECRET + "ü,3\n").getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("heart.csv, line 4: it is not UTF-8 text (Latin-1")
                .contains("save the file again as UTF-8");
        assertThat(refused("größe\n1\n".getBytes(StandardCharsets.ISO_8859_1))).contains("line 1: it is not UTF-8");
    }

    @Test
    void badBytesFarIntoAFileAreReportedByTheirLine() throws IOException {
        var bytes = ("a\n" + "12345\n".repeat(30_000) + "é\n").getBytes(StandardCharsets.UTF_8);
        bytes[bytes.length - 2] = '1';
        assertThat(refused(bytes)).contains("line 30002: it is not UTF-8");
    }

    @Test
    void aCharacterCutOffAtTheEndOfTheFileIsRefused() throws IOException {
        var bytes = "a\né".getBytes(StandardCharsets.UTF_8);
        assertThat(refused(java.util.Arrays.copyOf(bytes, bytes.length - 1))).contains("line 2: it is not UTF-8");
    }

    @Test
    void utf16IsRefused() throws IOException {
        assertThat(refused("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16))).contains("line 1: it is not UTF-8");
        assertThat(refused("a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE)))
                .contains("NUL character; it may be UTF-16");
    }

    @Test
    void aNulIsReportedByLine() throws IOException {
        assertThat(refused("a\n1\n" + SECRET + "\0\n")).startsWith("heart.csv, line 3: it holds a NUL character");
    }

    @Test
    void aQuoteThatIsNeverClosedIsReportedWhereItOpens() throws IOException {
        assertThat(refused("a,b\n1,2\n3,\"" + SECRET + "\n5,6\n7,8\n"))
                .startsWith("heart.csv, line 3: a quote (\") opens here and is never closed");
        assertThat(refused("a,\"b\n1,2\n")).startsWith("heart.csv, line 1: a quote");
        assertThat(refused("a\n\"" + SECRET + "\"\"")).startsWith("heart.csv, line 2: a quote");
    }

    @Test
    void aQuoteThatIsNeverClosedInALargeFileIsReportedToo() throws IOException {
        assertThat(refused("a,b\n3,\"" + SECRET + "\n" + (SECRET + ",6\n").repeat(300_000)))
                .startsWith("heart.csv, line 2: a quote (\") opens here and is never closed");
    }

    @Test
    void textAfterAClosingQuoteIsRefused() throws IOException {
        assertThat(refused("a,b\n1,2\n3,\"x\"" + SECRET + "\n"))
                .startsWith("heart.csv, line 3: text follows a closing quote");
    }

    @Test
    void aLineTooLongIsRefused() throws IOException {
        assertThat(refused("a,b\n" + SECRET.repeat(LineScan.MAX_LINE_CHARS / SECRET.length() + 1)))
                .startsWith("heart.csv, line 2: ")
                .contains("characters");
    }

    @Test
    void aValueTooLongIsRefused() throws IOException {
        assertThat(refused("a,b\n1," + SECRET.repeat(CsvRows.MAX_VALUE_CHARS / SECRET.length() + 1) + "\n"))
                .startsWith("heart.csv, line 2: the row has")
                .contains("a value of more than 1048576");
    }

    @Test
    void moreColumnsThanAreReadAreRefusedAndAsManyAreNot() throws IOException {
        var names = new StringBuilder("c0");
        for (int i = 1; i < CsvHeader.MAX_COLUMNS; i++) {
            names.append(",c").append(i);
        }
        var values = ",".repeat(CsvHeader.MAX_COLUMNS - 1);
        var file = Files.writeString(folder.resolve("wide.csv"), names + "\n" + values + "\n");
        assertThat(CsvFile.describe(file).columns()).hasSize(CsvHeader.MAX_COLUMNS);

        assertThat(refused(names + ",more\n" + values + ",\n"))
                .startsWith("heart.csv, line 1: the row has more than 100000 columns");
    }

    @Test
    void aNameTooLongIsRefused() throws IOException {
        assertThat(refused("a," + "b".repeat(1_001) + "\n1,2\n"))
                .startsWith("heart.csv, line 1: the name of column 2 has 1001 characters");
    }

    @Test
    void aNameIsShownWithoutControlCharacters() throws IOException {
        assertThat(refused("a\u001b[31m,a\u001b[31m\n1,2\n")).contains("both named 'a?[31m'");
    }
}
