package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The figures are pysam's: {@code src/test/python/genomics_reference.py} wrote them. */
class FastaFolderTest {
    @TempDir
    Path folder;

    private FolderKind kind = new FolderKind("fasta", Path.of(""));

    @BeforeEach
    void aFolder() {
        kind = new FolderKind("fasta", folder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sequencesAreThoseOfPysam(boolean compressed) throws IOException {
        var bytes = Files.readAllBytes(Resources.file("genomics/ex1.fa"));
        if (compressed) {
            Files.write(folder.resolve("ex1.fasta.gz"), FolderKind.gzip(bytes));
        } else {
            Files.write(folder.resolve("ex1.fa"), bytes);
        }
        kind.put("species.tsv", "name\tspecies\nchr2\tmouse\nchr1\tman\n");
        var expected = Json.MAPPER
                .readTree(Resources.file("genomics/reference.json").toFile())
                .get("ex1.fa");
        assertThat(DatasetKinds.describe(kind.stored(Map.of("kmers", "3"))).columns())
                .containsExactly(
                        new ColumnDescription("kmers", ColumnType.REAL, 0, "F32", List.of(64L), "3-mers from A to T"),
                        new ColumnDescription("species", ColumnType.TEXT, 0));
        var kmers = kind.open(Map.of("kmers", "3"));
        var oneHot = kind.open(Map.of("length", "100", "longer", "cut"));
        assertThat(oneHot.columns().getFirst().shape()).containsExactly(4L, 100L);
        assertThat(kmers.texts("species")).containsExactly("man", "mouse");
        // in any order, by several threads
        IntStream.range(0, 40).parallel().forEach(i -> {
            int sample = i % 2;
            var counts = Samples.read(kmers, "kmers", sample).toDoubles();
            for (int k = 0; k < 64; k++) {
                assertThat(counts[k])
                        .isEqualTo(expected.get(sample).get("kmers").get(k).asDouble());
            }
            assertThat(rows(oneHot, sample))
                    .containsExactly(IntStream.range(0, 4)
                            .mapToObj(row ->
                                    expected.get(sample).get("one_hot").get(row).asText())
                            .toArray(String[]::new));
        });
    }

    private static String[] rows(SampleSource source, int sample) {
        var values = Samples.read(source, "sequence", sample).toDoubles();
        int length = values.length / 4;
        return IntStream.range(0, 4)
                .mapToObj(row -> Arrays.stream(values, row * length, (row + 1) * length)
                        .mapToObj(value -> String.valueOf((int) value))
                        .reduce("", String::concat))
                .toArray(String[]::new);
    }

    @Test
    void shorterSequencesAreFilledAndLongerOnesRefusedOrCut() throws IOException {
        kind.put("s.fa", ">a\nACG\n>Meier\nTTNTT\n");
        assertThat(rows(kind.open(Map.of("length", "6")), 0)).containsExactly("100000", "010000", "001000", "000000");
        kind.refused(
                Map.of("length", "4"),
                "s.fa: 1 of 2 sequences have more than 4 bases, the longest 5; set 'length' to 5, or 'longer' to cut");
        assertThat(rows(kind.open(Map.of("length", "4", "longer", "cut")), 1))
                .containsExactly("0000", "0000", "0000", "1101");
    }

    @Test
    void whatDoesNotGoTogetherIsToldWithItsRemedy() throws IOException {
        kind.put("s.fa", ">Meier\nACG\n>b\nA\n");
        kind.refused(Map.of(), "one of the settings 'kmers'", "'length'");
        kind.refused(Map.of("kmers", "3", "length", "3"), "one of the settings");
        kind.refused(Map.of("kmers", "11"), "'kmers' is a whole number, 1 to 10, not '11'");
        kind.refused(Map.of("kmers", "-1"), "'kmers' is a whole number");
        kind.refused(Map.of("length", "99999999"), "'length' is a whole number, 1 to 4194304");
        kind.refused(Map.of("length", "2147483648"), "'length' is a whole number");
        kind.refused(Map.of("kmers", "2", "longer", "cut"), "'longer' goes with 'length'");
        kind.put("l.csv", "name,label\nb,x\n");
        kind.refused(Map.of("kmers", "2"), "l.csv: 1 of 2 samples have no row with their id");
        assertThat(kind.open(Map.of("kmers", "2", "unmatched", "leave-out")).texts("label"))
                .containsExactly("x");
        Files.delete(folder.resolve("s.fa"));
        kind.refused(Map.of("kmers", "2"), "no file whose name ends in .fa, .fasta");
    }

    @Test
    void brokenAndHostileFilesAreNamedWithPlaceAndRemedy() throws IOException {
        var settings = Map.of("kmers", "2");
        var whole = FolderKind.gzip(FolderKind.latin1(">Meier\nACGT\n"));
        kind.refused(
                "x.fa.gz", Arrays.copyOf(whole, whole.length - 9), settings, "x.fa.gz, compressed byte", "cut short");
        kind.refused("x.fa", new byte[0], settings, "x.fa: it holds no sequence; a sequence begins with");
        kind.refused("x.fa", FolderKind.latin1("ACGT\n"), settings, "x.fa, line 1: a sequence begins with a line of >");
        kind.refused(
                "x.fa", FolderKind.latin1(">M\u00fcller Meier\nACGT\n"), settings, "line 1: the name is not UTF-8");
        kind.refused(
                "x.fa",
                FolderKind.latin1(">Meier\nAC\n>Meier\nAC\n"),
                settings,
                "x.fa, line 3: the sequence has the name");
        kind.refused("x.fa", FolderKind.latin1(">Meier\n>b\nAC\n"), settings, "line 1: the sequence has no base");
        kind.refused(
                "x.fa",
                FolderKind.latin1(">Meier\nACGT\nMEIQ\n"),
                settings,
                "line 3: it has a character",
                "a protein?");
        kind.refused("x.fa", FolderKind.latin1(">Meier\nAC1GT\n"), settings, "line 2: it has a character");
        kind.refused("x.fa", FolderKind.latin1("> \nAC\n"), settings, "line 1: the sequence has no name");
        kind.refused(
                "x.fa",
                FolderKind.latin1(">" + "M".repeat(70_000) + "\nAC\n"),
                settings,
                "line 1: the sequence's name");
        kind.refused(
                "x.fa.gz",
                FolderKind.bomb(">Meier\n", 'A', FastaFile.MAX_HELD + 1),
                settings,
                "x.fa.gz: it is compressed and unpacks to more than 67108864 bases; unpack it");
        kind.put("x.fa", ">Meier\r\nAC\r\nGT\r\n");
        assertThat(Samples.read(kind.open(Map.of("kmers", "1")), "kmers", 0).toDoubles())
                .containsExactly(1, 1, 1, 1);
    }
}
