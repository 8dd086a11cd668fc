package fedbiomed.network.database;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;

/**
 * One SQLite file in WAL mode, shared safely with other processes. A transaction that has returned is on the disk
 * ({@code synchronous=FULL}). The schema's version is SQLite's {@code user_version}: the number of migrations applied.
 */
public final class Database implements AutoCloseable {
    /** How long a writer waits for another process's transaction. */
    private static final int BUSY_MILLIS = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection writing;
    private final Connection reading;
    private final Jdbi writer;
    private final Jdbi reader;

    private Database(Connection writing, Connection reading) {
        this.writing = writing;
        this.reading = reading;
        this.writer = Jdbi.create(writing);
        this.reader = Jdbi.create(reading);
    }

    /** Opens or creates {@code file} and applies those of {@code migrations} (one script each) that it lacks. */
    public static Database open(Path file, List<String> migrations) {
        try {
            var database = new Database(connect(file), connect(file));
            database.migrate(file, migrations);
            return database;
        } catch (SQLException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot open the database " + file + " (" + e.getMessage()
                            + "); check the folder's permissions and disk",
                    e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    private void migrate(Path file, List<String> migrations) {
        write(handle -> {
            int version = handle.createQuery("PRAGMA user_version")
                    .mapTo(Integer.class)
                    .one();
            if (version > migrations.size()) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        file + " was written by a newer version (schema " + version + ", this one knows "
                                + migrations.size() + "); start that version or restore a backup");
            }
            for (var migration : migrations.subList(version, migrations.size())) {
                handle.createScript(migration).execute();
            }
            handle.execute("PRAGMA user_version = " + migrations.size());
            return version;
        });
    }

    /** Runs {@code work} as one transaction; what it did is on the disk when this returns. */
    public <T> T write(Function<Handle, T> work) {
        lock.lock();
        try {
            return writer.inTransaction(work::apply);
        } finally {
            lock.unlock();
        }
    }

    /** Runs {@code work}, which only reads. */
    public <T> T read(Function<Handle, T> work) {
        lock.lock();
        try {
            return reader.withHandle(work::apply);
        } finally {
            lock.unlock();
        }
    }

    /** Another number whenever anyone, in this process or another, has written since. */
    public long version() {
        return read(handle ->
                handle.createQuery("PRAGMA data_version").mapTo(Long.class).one());
    }

    @Override
    public void close() {
        lock.lock();
        try (writing;
                reading) {
            // closed by the header
        } catch (SQLException e) {
            throw new IllegalStateException("a database connection cannot be closed", e);
        } finally {
            lock.unlock();
        }
    }
}
