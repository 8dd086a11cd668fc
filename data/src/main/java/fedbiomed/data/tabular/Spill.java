package fedbiomed.data.tabular;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The files of one table that does not fit into memory. They hold a hospital's data, and go with {@link #close}. */
final class Spill implements AutoCloseable {
    /** Of the disk, what is left to others. */
    static final long LEFT_FREE_BYTES = 256L << 20;

    private static final int DICTIONARY_PARTS = 4;

    private final Path folder;
    private final long maxBytes;
    private final LongSupplier freeBytes;
    private final long smallBytes;
    private final CsvProblem problem;
    private final Arena arena = Arena.ofShared();
    private final List<SpillFile> files = new ArrayList<>();
    private long bytes;
    private long dictionaries;
    private int count;

    private Spill(Path folder, long maxBytes, LongSupplier freeBytes, long smallBytes, CsvProblem problem) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.freeBytes = freeBytes;
        this.smallBytes = smallBytes;
        this.problem = problem;
    }

    /** @param smallBytes of the heap, what is sorted at a time */
    static Spill in(Path parent, long maxBytes, LongSupplier freeBytes, long smallBytes, CsvProblem problem) {
        try {
            Files.createDirectories(parent);
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            return new Spill(
                    Files.createTempDirectory(parent, "table-", owner), maxBytes, freeBytes, smallBytes, problem);
        } catch (IOException e) {
            throw unwritable(problem, e);
        }
    }

    CsvProblem problem() {
        return problem;
    }

    long smallBytes() {
        return smallBytes;
    }

    /** Of the heap, what the different texts of all columns may take. */
    long dictionaryBytes() {
        return DICTIONARY_PARTS * smallBytes;
    }

    /** @return whether there is so much for dictionaries; it is taken in any case */
    synchronized boolean takeMemory(long more) {
        dictionaries += more;
        return dictionaries <= dictionaryBytes();
    }

    /** A file of records, all of one length. */
    synchronized SpillFile create(int recordBytes, int recordsAtATime) {
        var file = new SpillFile(this, folder.resolve("columns-" + count++), recordBytes, recordsAtATime);
        files.add(file);
        return file;
    }

    FileChannel open(Path file) {
        try {
            return FileChannel.open(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw unwritable(problem, e);
        }
    }

    /** Writes all of {@code some}. @throws FedbiomedException DATA_UNFIT if there is no room for it */
    synchronized void write(FileChannel channel, ByteBuffer some) {
        requireRoom(some.remaining());
        try {
            while (some.hasRemaining()) {
                bytes += channel.write(some);
            }
        } catch (IOException e) {
            throw unwritable(problem, e);
        }
    }

    /**
     * Before so much is written.
     *
     * @throws FedbiomedException DATA_UNFIT telling how much is needed, how much there is, and what to do
     */
    synchronized void requireRoom(long more) {
        var needs = "it does not fit into memory, and its columns take " + mebibytes(bytes + more)
                + " MiB or more on the disk, ";
        if (bytes + more > maxBytes) {
            throw problem.of(needs + "where this node allows " + mebibytes(maxBytes)
                    + " MiB (worker_tables); let the plan read fewer columns, split the dataset, or (the data manager)"
                    + " raise 'worker_tables' in the node's config.yaml");
        }
        long free = freeBytes.getAsLong() - LEFT_FREE_BYTES;
        if (more > free) {
            throw problem.of(
                    needs + "of which " + mebibytes(bytes) + " MiB are written and " + mebibytes(Math.max(0, free))
                            + " MiB are free (another " + mebibytes(LEFT_FREE_BYTES)
                            + " MiB are left to others); let the plan read fewer columns, or (the data manager) make room on the"
                            + " disk of the node's home");
        }
    }

    private static long mebibytes(long bytes) {
        return bytes + (1 << 20) - 1 >> 20;
    }

    MemorySegment map(FileChannel channel) {
        try {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw unwritable(problem, e);
        }
    }

    /** One file less: what it took may be used again, although it is mapped until {@link #close}. */
    synchronized void remove(SpillFile file) {
        if (files.remove(file)) {
            bytes -= file.discard();
        }
    }

    static FedbiomedException unwritable(CsvProblem problem, IOException e) {
        return problem.of("it does not fit into memory, and its columns cannot be put on the disk ("
                + e.getClass().getSimpleName()
                + (e.getMessage() == null || e.getMessage().contains("/") ? "" : ": " + e.getMessage())
                + "); the data manager makes room on the disk of the node's home, or raises 'worker_tables'");
    }

    @Override
    public synchronized void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
        files.forEach(SpillFile::discard);
        files.clear();
        try {
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // it goes with the worker's folder
        }
    }
}
