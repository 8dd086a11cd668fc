package fedbiomed.data.tabular;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/**
 * Reads Parquet files to their end, for fuzzers. All with one DuckDB: to start one for each, as is done elsewhere, takes
 * ten times what a small file takes.
 */
public final class FuzzedParquet {
    private static final DuckDBConnection DUCK_DB = start();

    private FuzzedParquet() {}

    private static DuckDBConnection start() {
        var properties = new Properties();
        properties.setProperty("memory_limit", "256MB");
        properties.setProperty("threads", "2");
        properties.setProperty("temp_directory", "");
        // each input has the name of the one before
        properties.setProperty("enable_external_file_cache", "false");
        try {
            return DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void read(Path file) {
        var table = ParquetTable.of(
                List.of(file),
                DeclaredTypes.NONE,
                CsvProblem.ofRows(file),
                _ -> DUCK_DB.duplicate().unwrap(DuckDBConnection.class));
        table.describe("");
        table.read(List.copyOf(table.columns().keySet()), TableSpace.inMemory());
    }
}
