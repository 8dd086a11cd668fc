package fedbiomed.data.tabular;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;

/**
 * DuckDB in this process, for one table: an empty database in memory that may touch only the files it is told of, loads
 * nothing from anywhere, and works in bounded memory.
 */
public final class DuckDb {
    /** Beside the heap, in this process. A page of Parquet is a megabyte. */
    private static final String MEMORY = "256MB";

    /** Where a database in memory has its tables. */
    public static final String MAIN_SCHEMA = "main";

    /** Most rows of a result that come at a time (STANDARD_VECTOR_SIZE). */
    static final int CHUNK_ROWS = 2048;

    private static final int THREADS = 2;

    private DuckDb() {}

    /** @param files that it may read; nothing else, and nothing is written anywhere */
    public static DuckDBConnection reading(List<Path> files) throws SQLException {
        return open(files, "", "0MB");
    }

    /**
     * @param files that it may read or write
     * @param spill folder for what does not fit into memory
     * @param largest that it may put there, e.g. {@code 4GB}
     */
    public static DuckDBConnection open(List<Path> files, String spill, String largest) throws SQLException {
        var properties = new Properties();
        properties.setProperty("memory_limit", MEMORY);
        properties.setProperty("threads", String.valueOf(THREADS));
        properties.setProperty("autoinstall_known_extensions", "false");
        properties.setProperty("autoload_known_extensions", "false");
        properties.setProperty("allow_community_extensions", "false");
        properties.setProperty("allow_persistent_secrets", "false");
        properties.setProperty("temp_directory", spill);
        properties.setProperty("max_temp_directory_size", largest);
        var connection = DriverManager.getConnection("jdbc:duckdb:", properties).unwrap(DuckDBConnection.class);
        try (var statement = connection.createStatement()) {
            // what it writes it writes beside, then renames
            var allowed = files.stream()
                    .flatMap(file -> Stream.of(file, file.resolveSibling("tmp_" + file.getFileName())))
                    .map(file -> text(file.toString()))
                    .toList();
            statement.execute("SET allowed_paths = [" + String.join(", ", allowed) + "]");
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** As a literal. */
    public static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** As a name. */
    public static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
