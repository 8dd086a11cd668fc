package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fast reader gives what the strict one gives. */
class PlainCsvTest {
    @TempDir
    Path folder;

    private void same(Path file, List<String> columns) {
        var slow = new LinkedHashMap<String, Column>();
        columns.forEach(name -> slow.put(name, new Column(null)));
        long rows = CsvFile.readInto(file, slow);
        var table = CsvFile.read(file, columns);
        assertThat(table.rows()).isEqualTo((int) rows);
        slow.forEach((name, column) -> {
            assertThat(table.type(name)).as(name).isEqualTo(column.type());
            assertThat(table.texts(name)).as(name).isEqualTo(column.texts());
            if (column.obstacle() == null) {
                assertThat(table.numbers(name)).as(name).isEqualTo(column.numbers());
            }
        });
    }

    @Test
    void overManyBlocksWithWhateverLineEnds() throws IOException {
        for (var end : List.of("\n", "\r\n")) {
            var random = new SplittableRandom(7);
            var text = new StringBuilder("id;value;word;hole").append(end);
            for (int i = 0; text.length() < 9 << 20; i++) {
                text.append(i).append(';').append(random.nextDouble()).append(i == 200_000 ? ";x;" : ";1;");
                text.append(i % 3 == 0 ? "NA" : i % 3 == 1 ? "" : " 0" + i).append(end);
                if (i % 1000 == 0) {
                    text.append(end);
                }
            }
            // the last line without an end
            text.setLength(text.length() - end.length());
            same(Files.writeString(folder.resolve("large.csv"), text), List.of("hole", "value", "id", "word"));
        }
    }

    @Test
    void linesThatAreLongerThanWhatIsReadBeyondABlock() throws IOException {
        var random = new SplittableRandom(8);
        var text = new StringBuilder();
        for (int column = 0; column < 3_000; column++) {
            text.append(column == 0 ? "c" : ",c").append(column);
        }
        for (int row = 0; row < 200; row++) {
            text.append('\n');
            for (int column = 0; column < 3_000; column++) {
                // digits of every length, more than a double holds too
                var digits = Long.toString(random.nextLong() >>> random.nextInt(64));
                text.append(column == 0 ? "" : ",").append(digits).append(column % 2 == 0 ? "" : "." + digits);
            }
        }
        same(Files.writeString(folder.resolve("wide.csv"), text), List.of("c0", "c1", "c1500", "c1501", "c2999"));
    }

    @Test
    void whatIsNotPlainIsReadAllTheSame() throws IOException {
        for (var text : List.of(
                "a,b\n1,2\n",
                "a,b\n1,2",
                "a\n\n1\n\n\n2\n",
                "\na,b\n1,2\n",
                "\uFEFFa,b\n1,2\n",
                "a,b\n\"1\",2\n3,4\n",
                "\"a\",b\n1,2\n",
                "a,b\r1,2\r3,4\r",
                "a,b\n1,é\n",
                "a,b\n1,true\n2,\n",
                "a,b\nNA,?\n,-\n",
                "a,b\n 1 ,\t2\n",
                "a,b\n9223372036854775808,999999999999999999\n-9223372036854775808,1\n",
                "a\tb\n1\t2\n3\t4\n",
                "a,b\n2020-02-01,1e5\n")) {
            var file = Files.writeString(folder.resolve("t.csv"), text);
            same(
                    file,
                    CsvFile.describe(file).columns().stream().map(c -> c.name()).toList());
        }
        assertThat(CsvFile.read(Files.writeString(folder.resolve("t.csv"), "a,b\n1,\n2,\n"), List.of("b"))
                        .type("b"))
                .isEqualTo(ColumnType.EMPTY);
    }
}
