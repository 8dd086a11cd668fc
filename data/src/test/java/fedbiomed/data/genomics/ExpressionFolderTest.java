package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.file.Resources;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures are pandas': {@code src/test/python/genomics_reference.py} wrote them. */
class ExpressionFolderTest {
    @TempDir
    Path folder;

    private FolderKind kind = new FolderKind("expression", Path.of(""));

    @BeforeEach
    void aFolder() {
        kind = new FolderKind("expression", folder);
    }

    @ParameterizedTest
    @CsvSource({"expression.tsv, columns", "expression_by_sample.csv.gz, rows"})
    void samplesAreJoinedToPhenotypesAsPandasJoinsThem(String matrix, String samples) throws IOException {
        kind.copy(matrix);
        kind.copy("phenotypes.csv");
        var expected = Json.MAPPER
                .readTree(Resources.file("genomics/reference.json").toFile())
                .get("expression.tsv");
        var settings = Map.of("matrix", matrix, "samples", samples, "unmatched", "leave-out");
        var content = DatasetKinds.describe(kind.stored(settings));
        assertThat(content.samples()).isEqualTo(expected.get("joined").asInt());
        assertThat(content.columns())
                .extracting(column -> column.name() + " " + column.dtype() + " " + column.shape())
                .containsExactly("expression F32 [120]", "gender null []", "type null []", "score F64 []");
        assertThat(content.columns().getFirst().content()).matches("120 genes, list [0-9a-f]{16}");
        var source = kind.open(settings);
        var types = source.texts("type");
        for (var type : new String[] {"Case", "Control"}) {
            double scoreSum = 0;
            double geneSum = 0;
            int count = 0;
            for (int i = 0; i < source.samples(); i++) {
                if (type.equals(types[i])) {
                    scoreSum += Samples.read(source, "score", i).doubleAt(0);
                    geneSum += Samples.read(source, "expression", i).doubleAt(0);
                    count++;
                }
            }
            assertThat(scoreSum)
                    .isCloseTo(expected.get("score_sums_by_type").get(type).asDouble(), within(1e-9));
            assertThat(geneSum / count)
                    .isCloseTo(expected.get("first_gene_by_type").get(type).asDouble(), within(1e-4));
        }
        kind.refused(
                Map.of("matrix", matrix, "samples", samples),
                "phenotypes.csv: 2 of 26 samples have no row with their id",
                "set 'unmatched' to leave-out");
    }

    @Test
    void twoHospitalsHaveTheSameGenesInTheSameOrderByTheirList() throws IOException {
        kind.put("m.csv", "gene,Meier,b\nTP53,1,2\nBRCA1,3,4\nMYC,5,6\n");
        kind.put("genes.txt", "MYC\nTP53\n");
        var source = kind.open(Map.of("genes", "genes.txt", "matrix", "m.csv"));
        assertThat(Samples.read(source, "expression", 1).toDoubles()).containsExactly(6, 2);
        kind.put("m.csv", "gene;b\nTP53;2\nMYC;6\nEGFR;0\n");
        assertThat(kind.open(Map.of("genes", "genes.txt")).columns().getFirst())
                .isEqualTo(source.columns().getFirst());
        kind.put("genes.txt", "TP53\nMYC\n");
        assertThat(kind.open(Map.of("genes", "genes.txt")).columns().getFirst())
                .isNotEqualTo(source.columns().getFirst());
        kind.put("genes.txt", "TP53\nBRCA2\n");
        kind.refused(Map.of("genes", "genes.txt"), "m.csv: it lacks 1 of the 2 genes that are wanted (BRCA2)");
        kind.put("genes.txt", "TP53\nTP53\n");
        kind.refused(Map.of("genes", "genes.txt"), "genes.txt, line 2: it repeats line 1");
        kind.put("genes.txt", "TP53\nMeier,61\n");
        kind.refused(Map.of("genes", "genes.txt"), "genes.txt, line 2: it has a separator of columns");
        kind.put("p.csv", "id,case\nTP53,1\nMYC,0\n");
        kind.refused(
                Map.of("matrix", "m.csv"),
                "p.csv: 1 of 1 samples have no row with their id",
                "In the matrix samples are columns: if they are rows, set 'samples' so.");
    }

    @Test
    void missingValuesAreRefusedNanOrTheGenesMean() throws IOException {
        kind.put("m.csv", "gene,Meier,b,c\nTP53,1,NA,4\nMYC,5,6,7\n");
        kind.refused(Map.of(), "1 of 6 values are missing, those of TP53; leave these out, or set 'missing' to mean");
        assertThat(Samples.read(kind.open(Map.of("missing", "mean")), "expression", 1)
                        .toDoubles())
                .containsExactly(2.5, 6);
        var nan = kind.open(Map.of("missing", "nan"));
        assertThat(Samples.read(nan, "expression", 1).toDoubles()).containsExactly(Double.NaN, 6);
        assertThat(nan.columns().getFirst().missing()).isEqualTo(1);
        assertThat(nan.columns().getFirst().type()).isEqualTo(ColumnType.REAL);
    }

    @Test
    void brokenAndHostileFilesAreNamedWithPlaceAndRemedy() throws IOException {
        var none = Map.<String, String>of();
        var whole = FolderKind.gzip(FolderKind.latin1("gene,Meier\nTP53,1\n"));
        kind.refused(
                "x.csv.gz", Arrays.copyOf(whole, whole.length - 9), none, "x.csv.gz, compressed byte", "cut short");
        kind.refused("x.csv", new byte[0], none, "x.csv: it is empty; the first line names");
        kind.refused("x.csv", FolderKind.latin1("gene,Meier\n"), none, "x.csv: it has a first line and no row");
        kind.refused(
                "x.csv", FolderKind.latin1("gene,Meier,b\nTP53,1\n"), none, "x.csv, line 2: it has 1 values where");
        kind.refused("x.csv", FolderKind.latin1("gene,b\nTP53,Meier\n"), none, "line 2: value 1 is no number");
        kind.refused(
                "x.csv",
                FolderKind.latin1("gene;b\nTP53;1,5\n"),
                none,
                "line 2: value 1 is written with a decimal comma");
        kind.refused(
                "x.csv", FolderKind.latin1("gene,b\nTP53,1e39\n"), none, "line 2: value 1 is no number that a 32 bit");
        kind.refused("x.csv", FolderKind.latin1("gene,b\nTP53,-Infinity\n"), none, "line 2: value 1 is no number");
        kind.refused(
                "x.csv",
                FolderKind.latin1("gene,Meier,Meier\nTP53,1,2\n"),
                none,
                "of its 2 samples 1 have the name of");
        kind.refused(
                "x.csv",
                FolderKind.latin1("gene,b\nTP53,1\nTP53,2\n"),
                none,
                "of its 2 genes 1 have the name of another");
        kind.refused(
                "x.csv", FolderKind.latin1("gene,M\u00fcller\nTP53,1\n"), none, "x.csv, line 1: it is not UTF-8 text");
        kind.refused("x.csv", FolderKind.latin1("gene,\"Meier\nTP53,1\n"), none, "line 1: a quote (\") opens");
        kind.refused(
                "x.csv", FolderKind.latin1("gene" + ",a".repeat(1_000_001) + "\n"), none, "more than 1000000 columns");
        kind.refused(
                "x.csv.gz",
                FolderKind.bomb("gene,a\n", '1', 65 << 20),
                none,
                "x.csv.gz, line 2: the line has more than 67108864 bytes");
        kind.refused("x.xls", new byte[9], none, "the folder holds no matrix");
        kind.put("a.csv", "gene,Meier\r\n\"TP53\",1\r\n");
        assertThat(Samples.read(kind.open(none), "expression", 0).toDoubles()).containsExactly(1);
        kind.put("b.csv", "id,case\nMeier,1\n");
        kind.refused(none, "the folder holds 2 tables; name the one that is meant with the setting 'matrix'");
        kind.refused(Map.of("matrix", "../a.csv"), "there is no file '../a.csv' in the folder");
        assertThat(FolderKind.numbers(kind.open(Map.of("phenotypes", "b.csv")), "case"))
                .containsExactly(1.);
        assertThat(FolderKind.numbers(kind.open(Map.of("matrix", "a.csv")), "case"))
                .containsExactly(1.);
        kind.put("c.tsv", "id\tcase\nMeier\t1\n");
        kind.refused(Map.of("matrix", "a.csv"), "2 CSV or TSV files beside the matrix; name the one");
        Files.delete(folder.resolve("c.tsv"));
        kind.refused(Map.of("samples", "both", "matrix", "a.csv"), "'samples' is columns or rows");
    }
}
