package fedbiomed.node.state;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.Durability;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;

/**
 * The node's state, {@code state.db} in its home. The running node and the data manager's commands open it side by
 * side: a change that one has made the other sees at its next look. What a transaction has committed survives a power
 * cut (write-ahead log, {@code synchronous=FULL}).
 */
public final class NodeDatabase implements AutoCloseable {
    public static final String FILE = "state.db";

    /** How long a change waits for one of another process; changes take milliseconds. */
    private static final int BUSY_MILLIS = 15_000;

    /** In KiB, as SQLite writes it: a simulation has a thousand of these. */
    private static final String SMALL_CACHE = "-256";

    /** Reads each statement's text once, for however many nodes there are. */
    private static final SqlParser PARSER = new ColonPrefixSqlParser();

    private final Path home;
    private final Durability durability;
    private final Connection connection;
    private final Handle handle;
    private final ReentrantLock lock = new ReentrantLock();

    /** What was read since the last change, where no other program can make one. */
    private final Map<String, Object> remembered = new HashMap<>();

    private NodeDatabase(Path home, Durability durability, Connection connection) {
        this.home = home;
        this.durability = durability;
        this.connection = connection;
        this.handle = Jdbi.create(connection)
                .configure(
                        SqlStatements.class,
                        statements ->
                                statements.setTemplateEngine(TemplateEngine.NOP).setSqlParser(PARSER))
                .open();
    }

    /** The folder of the node that this is the state of. */
    public Path home() {
        return home;
    }

    /** What the state outlives, and so what files beside it must. */
    Durability durability() {
        return durability;
    }

    /** Opens the state of {@code home}, makes it where there is none, and brings its schema forward. */
    public static NodeDatabase open(Path home) {
        return open(home, Durability.POWER_CUT);
    }

    /** As {@link #open(Path)}; what need only outlive the process is not forced to the disk, and is this process's alone. */
    public static NodeDatabase open(Path home, Durability durability) {
        var file = home.resolve(FILE);
        try {
            createOwnerOnly(file);
            AtomicFiles.requireOwnerOnly(file);
            var config = new SQLiteConfig();
            config.setBusyTimeout(BUSY_MILLIS);
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
            config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
            if (durability == Durability.PROCESS) {
                config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
                config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
                config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, SMALL_CACHE);
            }
            var connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
            var database = new NodeDatabase(home, durability, connection);
            try {
                database.change(handle -> Schema.bringForward(handle, file));
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
            return database;
        } catch (SQLException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot open the node's state " + file + " (" + e.getMessage()
                            + "); if the file is damaged, restore it from a backup",
                    e);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot create the node's state " + file + " (" + e + "); check the folder's permissions and space",
                    e);
        }
    }

    private static void createOwnerOnly(Path file) throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException _) {
            // the usual case
        }
    }

    /** Runs {@code work} in one transaction, committed when it returns, rolled back when it throws. */
    public <T extends @Nullable Object> T transaction(Function<Handle, T> work) {
        lock.lock();
        try {
            remembered.clear();
            return handle.inTransaction(work::apply);
        } finally {
            remembered.clear();
            lock.unlock();
        }
    }

    /**
     * As {@link #transaction}, for work that changes nothing. Where this program alone has the state, it is not done again
     * before the next change.
     *
     * @param what names {@code work} and all that its outcome hangs on
     */
    @SuppressWarnings("unchecked") // one name, one kind of work
    public <T> T read(String what, Function<Handle, T> work) {
        lock.lock();
        try {
            if (durability == Durability.POWER_CUT) {
                return handle.inTransaction(work::apply);
            }
            var known = remembered.get(what);
            if (known == null) {
                known = handle.inTransaction(work::apply);
                remembered.put(what, known);
            }
            return (T) known;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #transaction}, without a result. */
    public void change(Consumer<Handle> work) {
        lock.lock();
        try {
            remembered.clear();
            handle.useTransaction(work::accept);
        } finally {
            remembered.clear();
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "cannot close the node's state: " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }
}
