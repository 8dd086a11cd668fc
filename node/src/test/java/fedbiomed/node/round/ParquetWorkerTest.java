package fedbiomed.node.round;

import static fedbiomed.node.round.HostileWorkers.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.DuckDb;
import fedbiomed.node.Sandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB's native code reads a hospital's Parquet file in the worker's sandbox, and trains as on the same CSV. */
class ParquetWorkerTest {
    private static final WorkerLimits ROOM = new WorkerLimits(
            LIMITS.heapBytes(),
            1L << 30,
            LIMITS.diskBytes(),
            LIMITS.tableBytes(),
            LIMITS.fileBytes(),
            1,
            100,
            LIMITS.jobTime(),
            LIMITS.jobCpu());

    @TempDir
    Path folder;

    @Test
    void aParquetFileTrainsInTheSandboxAsTheSameCsvDoes() throws IOException, SQLException {
        var data = Files.createDirectory(folder.resolve("table")).resolve("data.parquet");
        try (var duckDb = DuckDb.open(List.of(data), "", "0MB");
                var statement = duckDb.createStatement()) {
            // the rows of HostileWorkers' CSV file
            statement.execute("COPY (SELECT i % 7 AS a, (i % 5)::DOUBLE AS b, if(i % 2 = 0, 'yes', 'no') AS sick"
                    + " FROM range(40) t(i)) TO " + DuckDb.text(data.toString()) + " (FORMAT parquet)");
        }
        try (var workers = new HostileWorkers(folder, Sandboxes.HERE, ROOM)) {
            var plan = HostileWorkers.doing("");
            workers.train(plan, false);
            var ofCsv = Files.readAllBytes(workers.output());
            assertThat(workers.train(plan, false, new StoredDataset("parquet", data))
                            .samples())
                    .isEqualTo(40);
            assertThat(Files.readAllBytes(workers.output())).isEqualTo(ofCsv);
        }
        assertThat(folder.resolve("duckdb"))
                .isDirectoryRecursivelyContaining("glob:**/libduckdb_java.so_*")
                .isDirectoryNotContaining("glob:**/.part*");
    }
}
