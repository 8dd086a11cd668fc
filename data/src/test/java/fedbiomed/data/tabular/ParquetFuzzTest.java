package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.file.Fuzz;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.StoredDataset;
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
    /** Tens of milliseconds each, most of them DuckDB's start: what a campaign has the time for. */
    private static final int INPUTS = Integer.getInteger("fedbiomed.parquet.fuzz", 10_000);

    @TempDir
    Path folder;

    @Test
    void eachIsReadOrRefused() throws IOException {
        var file = folder.resolve("damaged.parquet");
        var valid = List.of(
                Files.readAllBytes(Resources.file("tabular/cohort.parquet")),
                Files.readAllBytes(Resources.file("tabular/nested.parquet")));
        int refused = Fuzz.run(file, valid, INPUTS, damaged -> {
            var data = new StoredDataset(DatasetKinds.PARQUET, damaged);
            var columns = DatasetKinds.describe(data).columns().stream()
                    .map(column -> column.name())
                    .toList();
            DatasetKinds.read(data, columns);
        });
        assertThat(refused).isBetween(INPUTS / 10, INPUTS - 1);
    }
}
