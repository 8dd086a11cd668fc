package fedbiomed.data.tabular;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.IntConsumer;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBPreparedStatement;

/**
 * Parquet files (the Apache Parquet format), read by DuckDB: flat columns of numbers, booleans, dates and text. NULL and
 * NaN are missing values; an empty text is a value. Times are text. An error names the file, column and row, never a
 * value.
 */
public final class ParquetFile implements AutoCloseable {
    private final CsvProblem problem;
    private final DuckDBConnection connection;
    private final String source;
    private final DeclaredTypes types;
    private final long rows;
    private final SequencedMap<String, ParquetColumn> columns;

    /** Where a connection that may read a file comes from. */
    interface Opening {
        /** A DuckDB of its own, which can reach that file alone. */
        Opening ALONE = file -> DuckDb.reading(List.of(file));

        DuckDBConnection open(Path file) throws SQLException;
    }

    private ParquetFile(Path file, DeclaredTypes types, Opening opening) throws SQLException {
        this.problem = CsvProblem.ofRows(file);
        this.types = types;
        this.source = DuckDb.text(file.toString());
        this.connection = opening.open(file);
        try {
            requireFlat();
            this.rows = countedRows();
            this.columns = describedColumns();
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    static ParquetFile open(Path file, DeclaredTypes types, Opening opening) {
        var problem = CsvProblem.ofRows(file);
        if (!Files.exists(file)) {
            throw problem.missing();
        }
        if (!Files.isRegularFile(file)) {
            throw problem.of("it is no regular file; name a Parquet file");
        }
        try {
            return new ParquetFile(file.toAbsolutePath(), types, opening);
        } catch (SQLException e) {
            throw unreadable(problem, e);
        }
    }

    /** A message of the library's may quote values. */
    private static FedbiomedException unreadable(CsvProblem problem, SQLException e) {
        var said = String.valueOf(e.getMessage());
        return problem.of(
                said.contains("Out of Memory") || said.contains("out of memory")
                        ? "what it unpacks to does not fit into the memory that a table's reader has; write it again with"
                                + " smaller row groups (at most 100,000 rows each)"
                        : "it cannot be read as Parquet (damaged, cut off, encrypted, or another format?); write it again,"
                                + " and compare its length with the original's");
    }

    /** As {@link CsvFile#describe(StoredDataset)}; DATA_UNFIT also for columns that are nested or of bytes. */
    public static DatasetContent describe(StoredDataset data) {
        return ParquetTable.of(data.path(), DeclaredTypes.of(data)).describe(fingerprint(data));
    }

    /** As {@link CsvFile#fingerprint}. */
    public static String fingerprint(StoredDataset data) {
        return CsvFile.fingerprint(data);
    }

    /**
     * Reads some columns, 8 bytes a number.
     *
     * @throws FedbiomedException as {@link #describe}; DATA_UNFIT if the file lacks one of the columns, or they do not fit
     *     into memory
     */
    public static Table read(StoredDataset data, List<String> columns, TableSpace space) {
        return ParquetTable.of(data.path(), DeclaredTypes.of(data)).read(columns, space);
    }

    long rows() {
        return rows;
    }

    SequencedMap<String, ParquetColumn> columns() {
        return columns;
    }

    /** The root's children, by the file's own schema: DuckDB renames the second of two columns of one name. */
    private void requireFlat() throws SQLException {
        var names = new HashMap<String, Integer>();
        try (var statement = connection.createStatement();
                var schema = statement.executeQuery(
                        "SELECT name, coalesce(num_children, 0) FROM parquet_schema(" + source + ")")) {
            long left = schema.next() ? schema.getLong(2) : 0;
            if (left > CsvHeader.MAX_COLUMNS) {
                throw problem.of("it has " + left + " columns; at most " + CsvHeader.MAX_COLUMNS + " are read");
            }
            while (left-- > 0 && schema.next()) {
                var name = schema.getString(1);
                if (schema.getLong(2) > 0) {
                    throw problem.of("column '" + Text.shown(name)
                            + "' is nested (a list, a map or a structure); write it as columns of single values, or leave"
                            + " it out");
                }
                requireName(name, names);
            }
        }
    }

    private void requireName(String name, Map<String, Integer> names) {
        if (!name.equals(name.strip()) || name.isEmpty() || name.length() > CsvHeader.MAX_NAME_CHARS) {
            throw problem.of("column " + (names.size() + 1)
                    + " has no name, or one of more than " + CsvHeader.MAX_NAME_CHARS
                    + " characters or with spaces around it; rename it");
        }
        // DuckDB's names do not tell capitals from small letters
        if (names.putIfAbsent(name.toLowerCase(Locale.ROOT), names.size()) != null) {
            throw problem.of("two columns are named '" + Text.shown(name)
                    + "' (capital and small letters are the same here); rename one");
        }
    }

    private long countedRows() throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT num_rows FROM parquet_file_metadata(" + source + ")")) {
            long found = result.next() ? result.getLong(1) : 0;
            if (found <= 0) {
                throw problem.of("it has columns and no row; add the data");
            }
            if (found > Integer.MAX_VALUE - 8) {
                throw problem.of("it has more rows than fit in memory (2^31), or says so; split the file");
            }
            return found;
        }
    }

    private SequencedMap<String, ParquetColumn> describedColumns() throws SQLException {
        var found = new LinkedHashMap<String, ParquetColumn>();
        try (var statement = connection.createStatement();
                var described = statement.executeQuery("DESCRIBE SELECT * FROM read_parquet(" + source + ")")) {
            while (described.next()) {
                var name = described.getString(1);
                var type = described.getString(2);
                var column = ParquetColumn.of(name, type, types.of(name));
                if (column == null) {
                    throw problem.of(
                            "column '" + Text.shown(name) + "' is of type " + Text.shown(type)
                                    + ", which is no column of a table; leave it out, or write numbers, booleans, dates or text");
                }
                found.put(name, column);
            }
        }
        return found;
    }

    private DuckDBPreparedStatement select(List<ParquetColumn> some) throws SQLException {
        var expressions = some.stream().map(ParquetColumn::expression).toList();
        return connection
                .prepareStatement("SELECT " + String.join(", ", expressions) + " FROM read_parquet(" + source + ")")
                .unwrap(DuckDBPreparedStatement.class);
    }

    /**
     * Brings all values of some columns to where they go.
     *
     * @param offset added to the rows' numbers
     * @param chunkEnd told how many rows all sinks have got
     */
    void fetch(List<ParquetColumn> some, List<? extends ParquetSink> sinks, long offset, IntConsumer chunkEnd) {
        long row = 0;
        try (var statement = select(some);
                var result = statement.query()) {
            while (result.nextChunk()) {
                var chunk = result.chunk();
                if (row + chunk.rowCount() > rows) {
                    throw problem.of("it holds more rows than its footer says; write it again");
                }
                for (int i = 0; i < sinks.size(); i++) {
                    sinks.get(i).accept(chunk.vector(i), offset + row);
                }
                row += chunk.rowCount();
                chunkEnd.accept((int) chunk.rowCount());
            }
        } catch (SQLException e) {
            throw unreadable(problem, e);
        }
        if (row != rows) {
            throw problem.of("it holds " + row + " rows where its footer says " + rows + "; write it again");
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw unreadable(problem, e);
        }
    }
}
