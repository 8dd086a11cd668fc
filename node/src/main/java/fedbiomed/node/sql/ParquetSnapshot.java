package fedbiomed.node.sql;

import fedbiomed.data.tabular.DuckDb;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.duckdb.DuckDBAppender;

/** A query's result as a Parquet file, in bounded memory: beyond that it goes through a folder beside the file. */
final class ParquetSnapshot {
    private static final int MAX_COLUMNS = 100_000;
    private static final String LARGEST_SPILL = "1TB";
    private static final String TABLE = "result";

    private final ResultSet result;
    private final List<SqlColumn> columns = new ArrayList<>();

    /** @throws FedbiomedException {@code DATA_UNFIT} naming a column that has no name, another's, or no type of a table's */
    ParquetSnapshot(ResultSet result) throws SQLException {
        this.result = result;
        var about = result.getMetaData();
        if (about.getColumnCount() > MAX_COLUMNS) {
            throw unfit("the query has " + about.getColumnCount() + " columns; at most " + MAX_COLUMNS + " are read");
        }
        var names = new HashSet<String>();
        for (int i = 1; i <= about.getColumnCount(); i++) {
            var name = about.getColumnLabel(i);
            if (name == null || name.isBlank() || !names.add(name.strip().toLowerCase(Locale.ROOT))) {
                throw unfit("column " + i + " of the query has no name, or that of another one ('"
                        + Text.shown(String.valueOf(name)) + "'); name it: SELECT ... AS name");
            }
            columns.add(SqlColumn.of(name.strip(), i, about));
        }
    }

    void writeTo(Path target) throws IOException, SQLException {
        var folder = target.toAbsolutePath().getParent();
        var aside = target.resolveSibling("." + target.getFileName() + ".part");
        var spill = target.resolveSibling("." + target.getFileName() + ".spill");
        AtomicFiles.createOwnerOnlyFolder(spill);
        try {
            write(aside, spill);
            try (var channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(aside);
            Snapshots.remove(spill);
        }
        if (folder != null) {
            AtomicFiles.syncFolder(folder);
        }
    }

    private void write(Path aside, Path spill) throws SQLException {
        try (var duckDb = DuckDb.open(List.of(aside), spill.toString(), LARGEST_SPILL);
                var statement = duckDb.createStatement()) {
            var declared = columns.stream()
                    .map(column -> DuckDb.name(column.name()) + " " + column.type())
                    .toList();
            statement.execute("CREATE TABLE " + TABLE + " (" + String.join(", ", declared) + ")");
            long rows = 0;
            try (var appender = duckDb.createAppender(DuckDb.MAIN_SCHEMA, TABLE)) {
                while (result.next()) {
                    append(appender, ++rows);
                }
            }
            if (rows == 0) {
                throw unfit("the query returns no row; a dataset has at least one");
            }
            statement.execute("COPY " + TABLE + " TO " + DuckDb.text(aside.toString()) + " (FORMAT parquet)");
        }
    }

    private void append(DuckDBAppender appender, long row) throws SQLException {
        appender.beginRow();
        for (var column : columns) {
            column.append(result, appender, row);
        }
        appender.endRow();
    }

    static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
