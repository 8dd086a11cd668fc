package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.file.Resources;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code src/test/python/genotype_folder_reference.py} wrote the figures, by pysam and pandas. */
class GenotypeFolderTest {
    private static final Map<String, String> AGREED =
            Map.of("variants", "variants.txt", "missing", "mean", "unmatched", "leave-out");

    @TempDir
    Path folder;

    private FolderKind kind = new FolderKind("genotypes", Path.of(""));

    @BeforeEach
    void aFolder() {
        kind = new FolderKind("genotypes", folder);
    }

    @Test
    void dosagesAreThoseOfPysamAndPandas() throws IOException {
        for (var file : List.of("22.vcf.gz", "genotypes/variants.txt", "genotypes/phenotypes.tsv")) {
            kind.copy(file);
        }
        var expected = Json.MAPPER.readTree(
                Resources.file("genomics/genotypes/reference.json").toFile());
        var content = DatasetKinds.describe(kind.stored(AGREED));
        assertThat(content.samples()).isEqualTo(expected.get("samples").asInt());
        assertThat(content.columns())
                .containsExactly(
                        new ColumnDescription(
                                "dosage",
                                ColumnType.REAL,
                                0,
                                "F32",
                                List.of(12L),
                                "12 variants, list " + expected.get("list").asText()),
                        new ColumnDescription("age", ColumnType.INTEGER, 0, "I64", List.of()),
                        new ColumnDescription("case", ColumnType.TEXT, 0));
        var source = kind.open(AGREED);
        var cases = source.texts("case");
        for (int sample = 0; sample < source.samples(); sample++) {
            var dosages = Samples.read(source, "dosage", sample).toDoubles();
            for (int i = 0; i < dosages.length; i++) {
                assertThat((float) dosages[i]).isEqualTo((float)
                        expected.get("dosages").get(sample).get(i).asDouble());
            }
            assertThat(Samples.read(source, "age", sample).doubleAt(0))
                    .isEqualTo(expected.get("age").get(sample).asDouble());
            assertThat(cases[sample]).isEqualTo(expected.get("case").get(sample).asText());
        }
        kind.refused(
                Map.of("variants", "variants.txt", "missing", "mean"),
                "phenotypes.tsv: 3 of " + expected.get("of").asInt() + " samples have no row with their id",
                "set 'unmatched' to leave-out");
        kind.refused(
                Map.of("variants", "variants.txt", "unmatched", "leave-out"),
                "values are missing, those of chr",
                "set 'missing' to mean");
        var nan = kind.open(Map.of("variants", "variants.txt", "unmatched", "leave-out", "missing", "nan"));
        assertThat(nan.columns().getFirst().missing())
                .isEqualTo(expected.get("incomplete").asInt());
        assertThat(nan.notes()).containsExactly("3 samples have no row in the table, and are left out");
    }

    private static final String HEAD = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT";
    private static final String TWO = HEAD + "\tMeier\tb\n"
            + "1\t100\trs1;x1\tA\tC\t.\t.\t.\tGT\t0/1\t1/1\n"
            + "1\t200\trs2\tG\tT,A\t.\t.\t.\tGT\t1|2\t0/2\n"
            + "2\t100\t.\tA\tG\t.\t.\t.\tGT\t0/0\t0/1\n";

    @Test
    void twoHospitalsHaveTheSameVariantsInTheSameOrderByTheirList() throws IOException {
        kind.put("a.vcf", TWO);
        kind.put("list.txt", "2:100:A:G\n\n# the next by its id\nrs1\n");
        var source = kind.open(Map.of("variants", "list.txt"));
        assertThat(Samples.read(source, "dosage", 0).toDoubles()).containsExactly(0, 1);
        assertThat(Samples.read(source, "dosage", 1).toDoubles()).containsExactly(1, 2);
        var content = source.columns().getFirst().content();
        // the other hospital's file has more, in another order, and no ids
        kind.put("a.vcf", TWO.replace("\trs1;x1\t", "\t.\t") + "3\t5\t.\tA\tC\t.\t.\t.\tGT\t0/0\t0/1\n");
        kind.put("list.txt", "2:100:A:G\r\n1:100:A:C\r\n");
        assertThat(kind.open(Map.of("variants", "list.txt"))
                        .columns()
                        .getFirst()
                        .content())
                .isEqualTo(content);
        kind.put("list.txt", "1:100:A:C\n2:100:A:G\n");
        assertThat(kind.open(Map.of("variants", "list.txt"))
                        .columns()
                        .getFirst()
                        .content())
                .isNotEqualTo(content);
    }

    @Test
    void variantsThatTheFileLacksAreNamed() throws IOException {
        kind.put("a.vcf", TWO);
        kind.put("list.txt", "1:100:A:C\n9:1:A:C\n1:200:G:A\n");
        var list = Map.of("variants", "list.txt");
        kind.refused(
                list,
                "list.txt: the VCF file lacks 2 of the 3 variants (9:1:A:C, 1:200:G:A)",
                "20 or chr20",
                "'absent' to reference");
        var reference = Map.of("variants", "list.txt", "absent", "reference", "alleles", "split");
        assertThat(Samples.read(kind.open(reference), "dosage", 0).toDoubles()).containsExactly(1, 0, 1);
        kind.put("list.txt", "rs1\nrs9\n");
        kind.refused(reference, "lacks 1 of the 2 variants (rs9)", "named by id the alleles are not known");
        kind.put("list.txt", "1:100:C:A\nrs2\n");
        kind.refused(list, "1 it has with reference and alternative the other way round");
        kind.put("list.txt", "rs1\nrs2\nrs1\n");
        kind.refused(list, "list.txt, line 3: it repeats line 1");
        kind.put("list.txt", "rs1\nx1\n");
        kind.refused(list, "lacks 1 of the 2 variants (an id)");
        kind.put("list.txt", "rs1\nMeier\t61\n");
        kind.refused(list, "list.txt, line 2: it has a separator of columns");
        kind.refused(Map.of("variants", "list.txt", "region", "1"), "'variants' and 'region' both choose variants");
        kind.put("list.txt", "rs1\nMeier,61\n");
        kind.refused(list, "lacks 1 of the 2 variants (an id)");
        kind.put("list.txt", "# none\n");
        kind.refused(list, "list.txt: it names nothing");
        kind.put("list.txt", "2:100:A:G\n");
        kind.put("a.vcf", TWO + "2\t100\t.\tA\tG\t.\t.\t.\tGT\t0/0\t0/1\n");
        kind.refused(list, "the variant 2:100:A:G in more than one record; join them");
    }

    @Test
    void regionsChooseVariants() throws IOException {
        kind.put("a.vcf", TWO);
        assertThat(kind.open(Map.of("region", "1:150-200,2"))
                        .columns()
                        .getFirst()
                        .shape())
                .containsExactly(2L);
        assertThat(kind.open(Map.of("region", "1", "alleles", "split"))
                        .columns()
                        .getFirst())
                .satisfies(dosage -> assertThat(dosage.shape()).containsExactly(3L))
                .satisfies(dosage -> assertThat(dosage.content()).endsWith(", alleles split"));
        kind.refused(Map.of("region", "chr1"), "a.vcf: it has no variant in the region", "20 or chr20");
        kind.refused(Map.of("region", "1:9-3"), "'region' names chromosomes");
        kind.refused(Map.of("region", "1,,2"), "'region' names chromosomes");
        kind.refused(Map.of("absent", "reference"), "'variants', which is not set");
        kind.refused(Map.of("missing", "zero"), "'missing' is refuse or mean or nan, not 'zero'");
        kind.refused(Map.of("alleles", "three"), "'alleles' is together or split");
        kind.refused(Map.of("key", "id"), "'key' is about a table of the samples, and the folder holds none");
    }

    @Test
    void aVariantThatNoSampleHasHasNoMean() throws IOException {
        kind.put("a.vcf", TWO + "4\t1\t.\tA\tC\t.\t.\t.\tGT\t./.\t./.\n");
        kind.refused(Map.of("missing", "mean"), "no sample has one, of 4:1:A:C; leave these out");
        kind.refused(Map.of(), "2 of 8 values are missing, those of 4:1:A:C");
    }

    @Test
    void phenotypesThatDoNotFitAreCounted() throws IOException {
        kind.put("a.vcf", TWO);
        kind.put("p.csv", "id,case\nMeier,1\nx,0\n");
        kind.refused(Map.of(), "p.csv: 1 of 2 samples have no row with their id", "'unmatched'");
        assertThat(kind.open(Map.of("unmatched", "leave-out")).samples()).isEqualTo(1);
        kind.put("p.csv", "id,case\nMeier,1\nMeier,0\n");
        kind.refused(Map.of(), "p.csv: two rows have one value in column 'id'");
        kind.put("p.csv", "id,case\ny,1\nx,0\n");
        kind.refused(Map.of("unmatched", "leave-out"), "2 of 2 samples have no row", "the right column ('key')");
        kind.refused(Map.of("key", "case2"), "there is no column 'case2'");
        kind.put("p.csv", "id,dosage\nMeier,1\nb,0\n");
        kind.refused(Map.of(), "a column 'dosage', a name that the dataset uses already");
        kind.put("q.tsv", "id\tcase\nMeier\t1\nb\t0\n");
        kind.refused(Map.of(), "2 CSV or TSV files; name the one that is meant with the setting 'phenotypes'");
        assertThat(FolderKind.numbers(kind.open(Map.of("phenotypes", "q.tsv")), "case"))
                .containsExactly(1., 0.);
        kind.put("b.vcf", TWO);
        kind.refused(Map.of(), "2 VCF files; name the one that is meant with the setting 'vcf'");
        Files.delete(folder.resolve("a.vcf"));
        Files.delete(folder.resolve("b.vcf"));
        kind.refused(Map.of(), "no file whose name ends in .vcf or .vcf.gz");
    }

    @Test
    void brokenAndHostileFilesAreNamedWithPlaceAndRemedy() throws IOException {
        var whole = FolderKind.gzip(FolderKind.latin1(TWO));
        kind.refused(
                "x.vcf.gz",
                Arrays.copyOf(whole, whole.length - 20),
                Map.of(),
                "x.vcf.gz, compressed byte",
                "copy the file again");
        kind.refused("x.vcf.gz", FolderKind.gzip(new byte[1]), Map.of(), "x.vcf.gz, line 1: it holds a NUL");
        // 65 MB in 65 kB
        kind.refused(
                "x.vcf.gz",
                FolderKind.bomb(HEAD + "\tMeier\n", '1', 65 << 20),
                Map.of(),
                "x.vcf.gz, line 3: the line has more than 67108864 bytes");
        kind.refused("x.vcf", new byte[0], Map.of(), "x.vcf: it is empty; a VCF file begins with ##fileformat");
        kind.refused("x.vcf", FolderKind.latin1("BCF\2\2junk"), Map.of(), "x.vcf: it is BCF", "bcftools view -Oz");
        kind.refused(
                "x.vcf", FolderKind.latin1("id,age\nMeier,3\n"), Map.of(), "x.vcf, line 1: it does not begin with");
        kind.refused("x.vcf", FolderKind.latin1("##fileformat=VCFv4.2\n"), Map.of(), "#CHROM; copy it again");
        kind.refused("x.vcf", FolderKind.latin1(HEAD + "\tMeier\n"), Map.of(), "x.vcf: it has a header and no record");
        kind.refused(
                "x.vcf",
                FolderKind.latin1(HEAD + "\tMeier\tMeier\n"),
                Map.of(),
                "line 2: it has 2 samples, of which 1");
        kind.refused("x.vcf", FolderKind.latin1(HEAD + "\tM\u00fcller\n"), Map.of(), "line 2: it is not UTF-8 text");
        kind.refused(
                "x.vcf", FolderKind.latin1(HEAD.replace("\tFORMAT", "") + "\n"), Map.of(), "line 2: it has no samples");
        kind.refused("x.vcf", record("2147483648", "0/1\t0/0"), Map.of(), "x.vcf, line 3: its position is not a whole");
        kind.refused("x.vcf", record("1e3", "0/1\t0/0"), Map.of(), "line 3: its position");
        kind.refused(
                "x.vcf",
                record("1", "0/1"),
                Map.of(),
                "line 3: it has fewer columns than the header",
                "copy or export");
        kind.refused("x.vcf", record("1", "0/1\t0/0\t1/1"), Map.of(), "line 3: it has more columns than the header");
        kind.refused(
                "x.vcf", record("1", "0/1\t0/9"), Map.of(), "the genotype in sample column 2 has an allele that the");
        kind.refused("x.vcf", record("1", "Meier\t0/0"), Map.of(), "sample column 1 is not written as allele numbers");
        kind.refused("x.vcf", record("1", "0/1/1\t0/0"), Map.of(), "column 1 has more than two alleles");
        // line ends of Windows, and a single sample, are no fault
        kind.put("x.vcf", TWO.replace("\n", "\r\n"));
        assertThat(Samples.read(kind.open(Map.of()), "dosage", 1).toDoubles()).containsExactly(2, 1, 1);
    }

    private static byte[] record(String position, String genotypes) {
        return FolderKind.latin1(HEAD + "\tMeier\tb\n1\t" + position + "\t.\tA\tC\t.\t.\t.\tGT\t" + genotypes + "\n");
    }
}
