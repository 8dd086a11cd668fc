package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFuzzTest {
    private static final long SEED = 20261124;
    /** Stands in for what a patient's row holds; no error may repeat it. */
    private static final String SECRET = "Meier";

    private static final String VALID =
            "\uFEFFname,age,note\nMeier,63,\"Meier, \"\"M\"\"\nMeier\"\n\"Meier\",NA,\r\nMeier,1.5,Meier é😀\n";
    private static final List<String> PIECES =
            List.of("a", "é", "😀", ",", ";", "\t", "\"", "\n", "\r", "\r\n", " ", "1", "-", "x y", "\"\"", "Ünï");

    @TempDir
    Path folder;

    @Test
    void aDamagedFileIsReadOrRefusedWithoutACellsValue() throws IOException {
        fuzz(4_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedFilesAreReadOrRefusedWithoutACellsValue() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        var random = new SplittableRandom(SEED);
        var file = folder.resolve("t.csv");
        int refused = 0;
        for (int i = 0; i < files; i++) {
            // a file that is cut and written again is forced to the disk by some file systems: a millisecond each
            Files.deleteIfExists(file);
            Files.write(file, damaged(VALID.getBytes(StandardCharsets.UTF_8), random));
            try {
                var described = CsvFile.describe(file);
                var names = described.columns().stream().map(c -> c.name()).toList();
                assertThat(CsvFile.read(file, names).rows()).isEqualTo((int) described.samples());
            } catch (FedbiomedException e) {
                refused++;
                assertThat(e.text()).doesNotContain(SECRET);
            }
        }
        assertThat(refused).isBetween(files / 10, files - files / 10);
    }

    /** The header stays: its names may be shown. */
    private static byte[] damaged(byte[] valid, SplittableRandom random) {
        var bytes = valid.clone();
        int header = 3 + "name,age,note\n".length();
        int at = header + random.nextInt(bytes.length - header);
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> {
                bytes[at] = (byte) random.nextInt();
                yield bytes;
            }
            case 2 -> {
                bytes[at] = (byte) ",;\"\n\r\t\0 ".charAt(random.nextInt(8));
                yield bytes;
            }
            default -> {
                int length = 1 + random.nextInt(bytes.length - at);
                System.arraycopy(valid, header + random.nextInt(bytes.length - header - length + 1), bytes, at, length);
                yield bytes;
            }
        };
    }

    /** Any text whatever, quoted as RFC 4180 says, comes back (trimmed), with any separator. */
    @Test
    void whateverIsQuotedIsReadBack() throws IOException {
        var random = new SplittableRandom(SEED);
        var file = folder.resolve("t.csv");
        for (int i = 0; i < 1_000; i++) {
            var separator = List.of(",", ";", "\t").get(random.nextInt(3));
            var cells = new ArrayList<List<String>>();
            int columns = 2 + random.nextInt(3);
            int rows = 1 + random.nextInt(5);
            var text = new StringBuilder(String.join(separator, names(columns))).append('\n');
            for (int r = 0; r < rows; r++) {
                var row = row(columns, random);
                cells.add(row);
                text.append(row.stream()
                                .map(cell -> '"' + cell.replace("\"", "\"\"") + '"')
                                .collect(Collectors.joining(separator)))
                        .append('\n');
            }
            var table = CsvFile.read(Files.writeString(file, text), names(columns));
            for (int c = 0; c < columns; c++) {
                var texts = table.texts("c" + c);
                for (int r = 0; r < rows; r++) {
                    var cell = cells.get(r)
                            .get(c)
                            .replace("\r\n", "\n")
                            .replace("\r", "\n")
                            .strip();
                    assertThat(texts[r]).isEqualTo(MissingValues.isMissing(cell) ? null : cell);
                }
            }
        }
    }

    private static List<String> names(int columns) {
        var names = new ArrayList<String>();
        for (int c = 0; c < columns; c++) {
            names.add("c" + c);
        }
        return names;
    }

    private static List<String> row(int columns, SplittableRandom random) {
        var row = new ArrayList<String>();
        for (int c = 0; c < columns; c++) {
            var cell = new StringBuilder();
            for (int n = random.nextInt(6); n > 0; n--) {
                cell.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            row.add(cell.toString());
        }
        return row;
    }
}
