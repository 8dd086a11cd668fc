package fedbiomed.data.genomics;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.file.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of genotypes with one damaged file is a dataset, or refused. */
class GenotypeFolderFuzzTest {
    private static final String VCF =
            "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tMeier\tb\n"
                    + "20\t100\trs1\tA\tC\t.\t.\t.\tGT\t0/1\t1/1\n20\t200\t.\tG\tT,A\t.\t.\t.\tGT\t1|2\t./.\n";
    private static final String LIST = "# agreed\n20:200:G:T,A\nrs1\n20:300:C:T\n";
    private static final String TABLE = "id\tage\nMeier\t61.5\nb\t48\nc\t3\n";
    private static final Map<String, String> SETTINGS =
            Map.of("variants", "list.txt", "absent", "reference", "missing", "mean", "unmatched", "leave-out");

    @TempDir
    Path folder;

    @Test
    void foldersWithADamagedFileNeverCrashTheKind() throws IOException {
        fuzz(80);
    }

    @Test
    @Tag("campaign")
    void aMillionFoldersWithADamagedFileNeverCrashTheKind() throws IOException {
        fuzz(350_000);
    }

    private void fuzz(int each) throws IOException {
        var kind = new FolderKind("genotypes", folder);
        var files = Map.of("x.vcf", VCF, "list.txt", LIST, "p.tsv", TABLE);
        for (var damaged : files.keySet().stream().sorted().toList()) {
            for (var file : files.entrySet()) {
                kind.put(file.getKey(), file.getValue());
            }
            var valid = List.of(files.getOrDefault(damaged, "").getBytes(StandardCharsets.UTF_8));
            int refused = Fuzz.run(folder.resolve(damaged), valid, each, _ -> {
                var content = DatasetKinds.describe(kind.stored(SETTINGS));
                assertThat(content.samples()).isBetween(1L, 3L);
                assertThat(content.columns().getFirst().content()).contains("variants, list ");
            });
            assertThat(refused).as(damaged).isBetween(each / 20, each - each / 20);
        }
    }
}
