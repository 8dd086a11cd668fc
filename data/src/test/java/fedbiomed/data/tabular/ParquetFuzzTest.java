package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.file.Fuzz;
import fedbiomed.data.file.Resources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged Parquet files: native code reads them, so that a crash of it would end this test's process and the build. */
@Tag("campaign")
class ParquetFuzzTest {
    /** Some milliseconds each: a million would take hours. */
    private static final int INPUTS = Integer.getInteger("fedbiomed.parquet.fuzz", 100_000);

    @TempDir
    Path folder;

    @Test
    void eachIsReadOrRefused() throws IOException {
        var file = folder.resolve("damaged.parquet");
        var valid = List.of(
                Files.readAllBytes(Resources.file("tabular/cohort.parquet")),
                Files.readAllBytes(Resources.file("tabular/nested.parquet")));
        int refused = Fuzz.run(file, valid, INPUTS, damaged -> {
            FuzzedParquet.read(damaged);
        });
        assertThat(refused).isBetween(INPUTS / 10, INPUTS - 1);
    }
}
