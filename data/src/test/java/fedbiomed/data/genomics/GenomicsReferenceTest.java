package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.data.file.Resources;
import fedbiomed.data.genomics.ExpressionMatrix.Rows;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real files (the README beside them says from where) read as pysam 0.24.1, scikit-allel 1.3.13 and pandas 3.1.1 read
 * them: {@code src/test/python/genomics_reference.py} wrote the figures.
 */
class GenomicsReferenceTest {
    private static JsonNode reference = Json.MAPPER.nullNode();

    @TempDir
    Path folder;

    @BeforeAll
    static void figures() throws IOException {
        reference =
                Json.MAPPER.readTree(Resources.file("genomics/reference.json").toFile());
    }

    private static Path file(String name) {
        return Resources.file("genomics/" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sample.vcf", "22.vcf.gz"})
    void dosagesAreThoseOfPysam(String name) {
        var expected = reference.get(name);
        var described = VcfFile.describe(file(name));
        assertThat(described)
                .isEqualTo(new VcfFile.Description(
                        expected.get("samples").asInt(),
                        expected.get("variants").asLong(),
                        expected.get("multi_allelic").asLong(),
                        expected.get("missing").asLong()));
        var genotypes = VcfFile.read(file(name), MultiAllelic.COUNTED_TOGETHER);
        var counts = new int[4];
        try (var arena = Arena.ofConfined()) {
            var into = arena.allocate(genotypes.sizeBytes());
            for (int sample = 0; sample < genotypes.samples().size(); sample++) {
                genotypes.read(sample, into);
                int sum = 0;
                for (int i = 0; i < genotypes.variants().size(); i++) {
                    float dosage = into.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    counts[Float.isNaN(dosage) ? 3 : (int) dosage]++;
                    sum += Float.isNaN(dosage) ? 0 : (int) dosage;
                }
                assertThat(sum)
                        .isEqualTo(expected.get("sample_sums").get(sample).asInt());
            }
        }
        for (int dosage = 0; dosage < 3; dosage++) {
            assertThat(counts[dosage])
                    .isEqualTo(expected.get("counts").get(dosage).asInt());
        }
        assertThat(counts[3]).isEqualTo(expected.get("missing").asInt());
        assertRows(genotypes, expected.get("rows"));
        if (!expected.get("split").isEmpty()) {
            var split = VcfFile.read(file(name), MultiAllelic.SPLIT);
            assertThat(split.variants()).hasSize(expected.get("split").size());
            assertRows(split, expected.get("split"));
        }
    }

    private static void assertRows(Genotypes genotypes, JsonNode expected) {
        expected.properties().forEach(row -> {
            var one = genotypes.select(List.of(Variant.parse(row.getKey())));
            assertThat(genotypes.absent(one.variants())).isZero();
            for (int sample = 0; sample < row.getValue().size(); sample++) {
                var dosage = row.getValue().get(sample);
                assertThat(Float.valueOf(one.dosage(sample, 0)))
                        .as(row.getKey())
                        .isEqualTo(Float.valueOf(dosage.isNull() ? Float.NaN : (float) dosage.asInt()));
            }
        });
    }

    @Test
    void plainGzipIsReadAsBgzfIs() throws IOException {
        var gzip = folder.resolve("22.vcf.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(file("22.vcf.gz")));
                var out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            in.transferTo(out);
        }
        assertThat(VcfFile.describe(gzip)).isEqualTo(VcfFile.describe(file("22.vcf.gz")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sequencesAreThoseOfPysam(boolean compressed) throws IOException {
        var path = file("ex1.fa");
        if (compressed) {
            path = folder.resolve("ex1.fa.gz");
            try (InputStream in = Files.newInputStream(file("ex1.fa"));
                    var out = new GZIPOutputStream(Files.newOutputStream(path))) {
                in.transferTo(out);
            }
        }
        var expected = reference.get("ex1.fa");
        var fasta = FastaFile.open(path);
        try (var arena = Arena.ofConfined()) {
            assertThat(fasta.names()).hasSize(expected.size());
            // backwards, so that a compressed file begins anew
            for (int i = expected.size() - 1; i >= 0; i--) {
                var each = expected.get(i);
                assertThat(fasta.names().get(i)).isEqualTo(each.get("name").asText());
                assertThat(fasta.length(i)).isEqualTo(each.get("length").asLong());
                var kmers = arena.allocate(FastaFile.kmersSizeBytes(3));
                fasta.kmers(i, 3, kmers);
                for (int k = 0; k < 64; k++) {
                    assertThat(kmers.getAtIndex(ValueLayout.JAVA_FLOAT, k))
                            .isEqualTo((float) each.get("kmers").get(k).asInt());
                }
                var oneHot = arena.allocate(4 * 100 * Float.BYTES);
                fasta.oneHot(i, 100, oneHot);
                for (int row = 0; row < 4; row++) {
                    assertThat(digits(oneHot, row))
                            .isEqualTo(each.get("one_hot").get(row).asText());
                }
            }
        }
    }

    private static String digits(MemorySegment oneHot, int row) {
        var digits = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            digits.append((int) oneHot.getAtIndex(ValueLayout.JAVA_FLOAT, row * 100L + i));
        }
        return digits.toString();
    }

    @Test
    void expressionIsThatOfPandasWhicheverWayItLies() {
        var expected = reference.get("expression.tsv");
        var genes = ExpressionMatrix.read(file("expression.tsv"), Rows.GENES);
        var samples = ExpressionMatrix.read(file("expression_by_sample.csv.gz"), Rows.SAMPLES);
        assertThat(genes.genes()).hasSize(expected.get("shape").get(0).asInt()).isEqualTo(samples.genes());
        assertThat(genes.samples())
                .hasSize(expected.get("shape").get(1).asInt())
                .isEqualTo(samples.samples());
        for (int sample = 0; sample < genes.samples().size(); sample++) {
            double sum = 0;
            for (int gene = 0; gene < genes.genes().size(); gene++) {
                sum += genes.value(sample, gene);
                assertThat(samples.value(sample, gene)).isEqualTo(genes.value(sample, gene));
            }
            double wanted = expected.get("column_sums").get(sample).asDouble();
            assertThat(sum).isCloseTo(wanted, within(1e-6 * Math.abs(wanted)));
        }
    }
}
