package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** Recordings, genotypes, sequences and expression as hospitals have them, added by what a data manager types. */
class SignalsAndGenomicsCommandTest extends TypedNodeCommands {
    private int added;

    private int add(Path data, String kind, String... settings) {
        var typed =
                new ArrayList<>(List.of("dataset", "add", data.toString(), "--name", "X" + added++, "--kind", kind));
        for (var setting : settings) {
            typed.add("--set");
            typed.add(setting);
        }
        return runAtHome(typed.toArray(String[]::new));
    }

    private List<String> lines() {
        return out.lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    private Path folderOf(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    /** Two channels of format 16 and a second's frames, -100 to 99 and twice that. */
    private static void record(Path folder, String name) throws IOException {
        Files.writeString(
                folder.resolve(name + ".hea"),
                name + " 2 200 200\n" + name + ".dat 16 100/mV 16 0 0 0 0 I\n" + name + ".dat 16 100/mV 16 0 0 0 0 II\n"
                        + "# Meier, 61 years\n");
        var samples = new ByteArrayOutputStream();
        for (int i = -100; i < 100; i++) {
            for (int sample : new int[] {i, 2 * i}) {
                samples.write(sample);
                samples.write(sample >> 8);
            }
        }
        Files.write(folder.resolve(name + ".dat"), samples.toByteArray());
    }

    @Test
    void recordingsAreAddedAsWindows() throws IOException {
        var data = folderOf("ecg");
        record(data, "P001");
        record(data, "P002");
        Files.writeString(data.resolve("patients.csv"), "record,ill\nP001,1\nP002,0\n");
        assertThat(add(data, "signals")).isEqualTo(1);
        assertThat(err).contains("signals need the setting 'window'");
        assertThat(add(data, "signals", "window=500ms", "channels=I,V1")).isEqualTo(1);
        assertThat(err).contains("P001.hea lacks 'V1'; P002.hea lacks 'V1'", "all have (I,II)");
        assertThat(add(data, "signals", "window=500ms", "step=250ms", "channels=II,I", "rate=100"))
                .as(err)
                .isZero();
        assertThat(lines())
                .contains(
                        "samples 6",
                        "signal F32 [2, 50] 0",
                        "recording I64 one number 0",
                        "ill I64 one number 0",
                        "signal: II in mV, I in mV, 100.0 Hz");
        assertThat(out).doesNotContain("P001", "Meier");
        Files.delete(data.resolve("P002.dat"));
        assertThat(add(data, "signals", "window=500ms")).isEqualTo(1);
        assertThat(err).contains("P002.dat: there is no such file");
    }

    @Test
    void genotypesAreAddedAsAgreed() throws IOException {
        var data = folderOf("gwas");
        var vcf = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP001\tP002\n"
                + "20\t14370\trs6054257\tG\tA\t29\tPASS\t.\tGT\t0|1\t1/1\n20\t17330\t.\tT\tA\t3\tq10\t.\tGT\t0|0\t./.\n";
        try (var gzip = new GZIPOutputStream(Files.newOutputStream(data.resolve("cohort.vcf.gz")))) {
            gzip.write(vcf.getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(data.resolve("phenotypes.tsv"), "IID\tcase\tage\nP002\tyes\t40.5\nP001\tno\t50\n");
        assertThat(add(data, "genotypes")).isEqualTo(1);
        assertThat(err).contains("1 of 4 values are missing, those of 20:17330:T:A");
        assertThat(add(data, "genotypes", "missing=mean")).as(err).isZero();
        assertThat(lines())
                .contains("samples 2", "dosage F32 [2] 0", "case text one text 0", "age F64 one number 0")
                .anyMatch(line -> line.matches("dosage: 2 variants, list [0-9a-f]{16}"));
        assertThat(out).doesNotContain("P001");
        Files.writeString(data.resolve("list.txt"), "20:14370:G:A\n20:9:G:A\n");
        assertThat(add(data, "genotypes", "variants=list.txt")).isEqualTo(1);
        assertThat(err).contains("lacks 1 of the 2 variants (20:9:G:A)");
        assertThat(add(data, "genotypes", "variants=list.txt", "absent=reference"))
                .as(err)
                .isZero();
        assertThat(lines()).contains("dosage F32 [2] 0");
    }

    @Test
    void sequencesAreAddedAsKmersOrOneHot() throws IOException {
        var data = folderOf("genes");
        Files.writeString(data.resolve("genes.fasta"), ">g1 first\nACGTAC\n>g2\nTTTT\n");
        Files.writeString(data.resolve("labels.csv"), "gene,coding\ng1,yes\ng2,no\n");
        assertThat(add(data, "fasta", "kmers=2")).as(err).isZero();
        assertThat(lines()).contains("samples 2", "kmers F32 [16] 0", "coding text one text 0");
        assertThat(add(data, "fasta", "length=5")).isEqualTo(1);
        assertThat(err).contains("1 of 2 sequences have more than 5 bases, the longest 6");
        assertThat(add(data, "fasta", "length=6")).as(err).isZero();
        assertThat(lines()).contains("sequence F32 [4, 6] 0");
    }

    @Test
    void expressionIsAddedWithItsPhenotypes() throws IOException {
        var data = folderOf("rna");
        Files.writeString(data.resolve("counts.tsv"), "gene\tP001\tP002\nTP53\t1.5\t2\nMYC\t0\t7\n");
        Files.writeString(data.resolve("phenotypes.csv"), "patient,case\nP001,1\nP002,0\n");
        assertThat(add(data, "expression")).isEqualTo(1);
        assertThat(err).contains("2 tables; name the one that is meant with the setting 'matrix'");
        assertThat(add(data, "expression", "matrix=counts.tsv")).as(err).isZero();
        assertThat(lines())
                .contains("samples 2", "expression F32 [2] 0", "case I64 one number 0")
                .anyMatch(line -> line.matches("expression: 2 genes, list [0-9a-f]{16}"));
        assertThat(run("dataset", "kinds")).isZero();
        assertThat(out).contains("signals", "genotypes", "fasta", "expression", "window", "variants", "kmers", "genes");
    }
}
