package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.file.Fuzz;
import fedbiomed.data.genomics.ExpressionMatrix.Rows;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenomicsFuzzTest {
    private static final byte[] VCF = text("##fileformat=VCFv4.2\n##contig=<ID=20>\n"
            + "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tMeier\tMüller\n"
            + "20\t14370\trs1\tG\tA\t29\tPASS\tNS=3\tGT:GQ\t0|0:48\t1/1:43\n"
            + "20\t17330\t.\tT\tA,C\t3\tq10\t.\tGT\t1|2\t./.\nX\t10\t.\tAC\t.\t.\t.\t.\tGT:DP\t0\t.:5\n");
    private static final byte[] FASTA =
            text(">Meier a 1\nACGTacgtNNRYACGUACGT\nACGT\n\n>b 22\r\nAC-T\r\n>c\nGGGGGGGGGG");
    private static final byte[] MATRIX =
            text("gene\tMeier\tMüller\n\"TP53\"\t1.5\t-2e3\nBRCA1\tNA\t0\n\"a\"\"b\"\t12\t7.25\n");

    @TempDir
    Path folder;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }

    private void fuzz(int files, List<byte[]> valid, Fuzz.Reader reader) throws IOException {
        int refused = Fuzz.run(folder.resolve("damaged"), valid, files, reader);
        assertThat(refused).isBetween(files / 10, files - files / 10);
    }

    private static void readGenotypes(Path file) {
        var described = VcfFile.describe(file);
        var genotypes = VcfFile.read(file, MultiAllelic.SPLIT);
        assertThat(genotypes.variants()).hasSizeGreaterThanOrEqualTo((int) described.records());
        try (var arena = Arena.ofConfined()) {
            for (int sample = 0; sample < described.samples(); sample++) {
                genotypes.read(sample, arena.allocate(genotypes.sizeBytes()));
            }
        }
    }

    private static void readSequences(Path file) {
        var fasta = FastaFile.open(file);
        try (var arena = Arena.ofConfined()) {
            var into = arena.allocate(FastaFile.kmersSizeBytes(2));
            for (int i = 0; i < fasta.names().size(); i++) {
                fasta.kmers(i, 2, into);
                fasta.oneHot(i, 4, into);
            }
        }
    }

    private static void readMatrix(Path file) {
        var matrix = ExpressionMatrix.read(file, Rows.GENES);
        try (var arena = Arena.ofConfined()) {
            var genes = matrix.places(matrix.genes());
            matrix.read(0, genes, arena.allocate(4L * genes.length));
        }
    }

    @Test
    void damagedFilesNeverCrashTheReaders() throws IOException {
        fuzz(300, List.of(VCF, gzip(VCF)), GenomicsFuzzTest::readGenotypes);
        fuzz(300, List.of(FASTA, gzip(FASTA)), GenomicsFuzzTest::readSequences);
        fuzz(300, List.of(MATRIX, gzip(MATRIX)), GenomicsFuzzTest::readMatrix);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedGenotypesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000, List.of(VCF, gzip(VCF)), GenomicsFuzzTest::readGenotypes);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedSequencesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000, List.of(FASTA, gzip(FASTA)), GenomicsFuzzTest::readSequences);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedMatricesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000, List.of(MATRIX, gzip(MATRIX)), GenomicsFuzzTest::readMatrix);
    }
}
