package fedbiomed.simulation.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableSplitTest {
    @TempDir
    Path folder;

    /** Rows of the classes 0 to {@code classes - 1} in turn, numbered. */
    private Path table(int rows, int classes) throws IOException {
        var lines = new ArrayList<>(List.of("row,class"));
        for (int i = 0; i < rows; i++) {
            lines.add(i + ",c" + i % classes);
        }
        return Files.write(folder.resolve("table.csv"), lines);
    }

    private List<List<String>> rows(TableSplit split, String into) throws IOException {
        var parts = new ArrayList<List<String>>();
        for (var part : split.write(folder.resolve(into))) {
            var lines = Files.readAllLines(part.file());
            assertThat(lines.getFirst()).isEqualTo("row,class");
            var rows = lines.subList(1, lines.size());
            assertThat(rows).hasSize((int) part.rows());
            parts.add(rows);
        }
        return parts;
    }

    private static TreeMap<String, Integer> classes(List<String> rows) {
        var counts = new TreeMap<String, Integer>();
        rows.forEach(row -> counts.merge(row.split(",")[1], 1, Integer::sum));
        return counts;
    }

    private static void requireEachRowOnce(List<List<String>> parts, int rows) {
        assertThat(parts.stream().flatMap(List::stream)).hasSize(rows).doesNotHaveDuplicates();
    }

    @Test
    void evenPartsAreOfOneSizeAndKeepTheirOrder() throws IOException {
        var parts = rows(TableSplit.of(table(103, 2), 10), "iid");
        requireEachRowOnce(parts, 103);
        assertThat(parts).allSatisfy(rows -> {
            assertThat(rows).hasSizeBetween(10, 11);
            assertThat(rows.stream().map(row -> Integer.valueOf(row.split(",")[0])))
                    .isSorted();
        });
        // not just the first ten
        assertThat(parts.getFirst().getFirst()).isNotEqualTo(parts.getFirst().get(1));
        assertThat(parts.getFirst().stream()
                        .mapToInt(row -> Integer.parseInt(row.split(",")[0]))
                        .max()
                        .orElse(0))
                .isGreaterThan(50);
    }

    @Test
    void theSameSeedGivesTheSameParts() throws IOException {
        var split = TableSplit.of(table(200, 4), 8).partition(Partition.dirichlet(0.5, "class"));
        assertThat(rows(split.seed(1), "a")).isEqualTo(rows(split.seed(1), "b"));
        assertThat(rows(split.seed(2), "c")).isNotEqualTo(rows(split.seed(1), "d"));
    }

    @Test
    void aSmallAlphaMakesNodesUnlikeAndALargeOneAlike() throws IOException {
        var split = TableSplit.of(table(4000, 10), 40);
        var unlike = rows(split.partition(Partition.dirichlet(0.01, "class")), "unlike");
        var alike = rows(split.partition(Partition.dirichlet(10_000, "class")), "alike");
        requireEachRowOnce(unlike, 4000);
        requireEachRowOnce(alike, 4000);
        assertThat(unlike.stream().map(List::size)).containsOnly(100);
        // of 100 rows: nearly all of one class, but for the nodes that take what is left
        assertThat(unlike.stream()
                        .mapToInt(rows -> classes(rows).values().stream()
                                .max(Integer::compare)
                                .orElse(0))
                        .filter(most -> most > 90)
                        .count())
                .isGreaterThan(20);
        // 10 of each class are expected; the last nodes take what is left
        assertThat(alike.stream()
                        .mapToInt(rows -> classes(rows).size())
                        .average()
                        .orElse(0))
                .isGreaterThan(9.5);
        assertThat(unlike.stream()
                        .mapToInt(rows -> classes(rows).size())
                        .average()
                        .orElse(0))
                .isLessThan(4);
    }

    @Test
    void sharesFollowTheDirichletDistribution() {
        var draws = new Draws(5);
        double[] parameters = {0.3, 0.6, 2.1};
        double sum = 3;
        var mean = new double[3];
        var square = new double[3];
        int drawn = 200_000;
        for (int i = 0; i < drawn; i++) {
            var shares = draws.dirichlet(parameters);
            for (int k = 0; k < 3; k++) {
                mean[k] += shares[k] / drawn;
                square[k] += shares[k] * shares[k] / drawn;
            }
        }
        for (int k = 0; k < 3; k++) {
            double expected = parameters[k] / sum;
            assertThat(mean[k]).isCloseTo(expected, within(0.005));
            assertThat(square[k] - mean[k] * mean[k]).isCloseTo(expected * (1 - expected) / (sum + 1), within(0.005));
        }
    }

    @Test
    void tinyParametersStillSumToOne() {
        var shares = new Draws(1).dirichlet(new double[] {1e-6, 1e-6, 0, 1e-6});
        assertThat(shares[2]).isZero();
        assertThat(shares[0] + shares[1] + shares[3]).isCloseTo(1, within(1e-12));
    }

    @Test
    void shardsGiveEachNodeFewClasses() throws IOException {
        var parts = rows(TableSplit.of(table(1000, 10), 50).partition(Partition.shards(2, "class")), "shards");
        requireEachRowOnce(parts, 1000);
        assertThat(parts).allSatisfy(rows -> {
            assertThat(rows).hasSize(20);
            assertThat(classes(rows)).hasSizeLessThanOrEqualTo(2);
        });
        assertThat(parts.stream().filter(rows -> classes(rows).size() == 2)).isNotEmpty();
    }

    @Test
    void shardsSortNumbersAsNumbers() throws IOException {
        var lines = new ArrayList<>(List.of("age,x"));
        for (int i = 0; i < 40; i++) {
            lines.add((i * 7 % 40) + "," + i);
        }
        var file = Files.write(folder.resolve("ages.csv"), lines);
        var parts = TableSplit.of(file, 4).partition(Partition.shards(1, "age")).write(folder.resolve("ages"));
        for (var part : parts) {
            var ages = Files.readAllLines(part.file()).stream()
                    .skip(1)
                    .mapToInt(row -> Integer.parseInt(row.split(",")[0]))
                    .summaryStatistics();
            assertThat(ages.getMax() - ages.getMin()).isEqualTo(9);
        }
    }

    @Test
    void aNodeForEachValueIsNamedAfterIt() throws IOException {
        var file = Files.writeString(
                folder.resolve("sites.csv"),
                "site,text\nCHU Nice,\"a, \"\"b\"\"\"\nchu-nice,c\nCHU Nice,\"two\nlines\"\nÅ,d\nchu-nice,e\nÅ,f\n");
        var parts = TableSplit.by(file, "site").minimumRows(2).write(folder.resolve("by"));
        assertThat(parts.stream().map(part -> part.node().value())).containsExactly("chu-nice", "chu-nice-2", "node");
        assertThat(parts.getFirst().file())
                .hasContent("site,text\nCHU Nice,\"a, \"\"b\"\"\"\nCHU Nice,\"two\nlines\"\n");
    }

    @Test
    void tooFewRowsAreAnErrorBeforeAnythingIsWritten() throws IOException {
        var file = table(95, 2);
        assertThatThrownBy(() -> TableSplit.of(file, 10).write(folder.resolve("none")))
                .isInstanceOfSatisfying(FedbiomedException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT);
                    assertThat(e.text()).contains("has 95 rows", "10 nodes", "--minimum-rows");
                });
        assertThat(folder.resolve("none")).doesNotExist();
        var sites = Files.writeString(folder.resolve("few.csv"), "site\na\na\nb\n");
        assertThatThrownBy(() -> TableSplit.by(sites, "site").minimumRows(2).write(folder.resolve("none")))
                .hasMessageContaining("node b would have 1 rows");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aColumnThatIsNotFitIsNamed() throws IOException {
        var file = table(2000, 2000);
        assertThatThrownBy(() -> TableSplit.of(file, 2)
                        .partition(Partition.dirichlet(1, "class"))
                        .write(folder.resolve("none")))
                .hasMessageContaining("column 'class' has 2000 different values");
        assertThatThrownBy(() -> TableSplit.of(file, 2)
                        .partition(Partition.dirichlet(1, "colour"))
                        .write(folder.resolve("none")))
                .hasMessageContaining("colour");
        var gaps = Files.writeString(folder.resolve("gaps.csv"), "row,class\n1,a\n2,\n3,b\n");
        assertThatThrownBy(() -> TableSplit.of(gaps, 1)
                        .minimumRows(1)
                        .partition(Partition.shards(1, "class"))
                        .write(folder.resolve("none")))
                .hasMessageContaining("row 2 has no value in column 'class'");
    }

    @Test
    void numbersOfNodesAreChecked() throws IOException {
        var file = table(20, 2);
        assertThatThrownBy(() -> TableSplit.of(file, 0)).hasMessageContaining("over how many nodes");
        assertThatThrownBy(() -> TableSplit.of(file, -1)).hasMessageContaining("1 to 10000, not -1");
        assertThatThrownBy(() -> TableSplit.of(file, 1).minimumRows(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> new TableSplit(file, Partition.by("class"), 3, 1, 0).write(folder.resolve("none")))
                .hasMessageContaining("has 2 values");
    }
}
