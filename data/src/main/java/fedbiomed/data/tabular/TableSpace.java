package fedbiomed.data.tabular;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where the columns of tables lie: in memory as long as they fit, else in files of a folder, if there is one for it. */
public final class TableSpace {
    /** Of the heap, what one list of values to sort, or of different texts, may take ... */
    private static final int SMALL_PARTS = 16;

    private final long heapBytes;
    private final @Nullable Path folder;
    private final long folderBytes;
    private final LongSupplier freeBytes;

    TableSpace(long heapBytes, @Nullable Path folder, long folderBytes, LongSupplier freeBytes) {
        this.heapBytes = heapBytes;
        this.folder = folder;
        this.folderBytes = folderBytes;
        this.freeBytes = freeBytes;
    }

    /** What does not fit into this JVM's heap is refused. */
    public static TableSpace inMemory() {
        return new TableSpace(Runtime.getRuntime().maxMemory(), null, 0, () -> 0);
    }

    /** @param folderBytes all files in the folder together, at most */
    public static TableSpace spilling(Path folder, long folderBytes) {
        return spilling(folder, folderBytes, Runtime.getRuntime().maxMemory());
    }

    /** @param heapBytes a table may take half of */
    public static TableSpace spilling(Path folder, long folderBytes, long heapBytes) {
        // 0 where it cannot be told: then the write says so
        return new TableSpace(heapBytes, folder, folderBytes, () -> {
            long usable = folder.toFile().getUsableSpace();
            return usable == 0 ? Long.MAX_VALUE : usable;
        });
    }

    /** What a table, and what is made of it at once, may take each. */
    public long tableBytes() {
        return heapBytes / MemoryBudget.PARTS;
    }

    /** Of the heap, what is read ahead or sorted at a time. */
    public long smallBytes() {
        return heapBytes / SMALL_PARTS;
    }

    /** As {@link MemoryBudget#require}. */
    void require(CsvProblem problem, long rows, long columns) {
        if (MemoryBudget.bytes(rows, columns) > tableBytes()) {
            refuse(() -> MemoryBudget.require(problem, rows, columns, heapBytes));
        }
    }

    /** As {@link MemoryBudget#requireText}. */
    void requireText(CsvProblem problem, long bytes) {
        if (bytes > tableBytes()) {
            refuse(() -> MemoryBudget.requireText(problem, bytes, heapBytes));
        }
    }

    private void refuse(Runnable refusal) {
        try {
            refusal.run();
        } catch (FedbiomedException e) {
            throw folder == null ? e : new TooLargeForMemory(e);
        }
    }

    /**
     * Reads a table into memory, or where it does not fit once more into files.
     *
     * @param problem of the file or folder
     */
    Table read(CsvProblem problem, Supplier<Table> inMemory, Function<Spill, Table> spilled) {
        try {
            return inMemory.get();
        } catch (TooLargeForMemory e) {
            // the exception may hold on to what filled the memory
        }
        var spill = Spill.in(Objects.requireNonNull(folder), folderBytes, freeBytes, smallBytes(), problem);
        try {
            return spilled.apply(spill);
        } catch (RuntimeException | Error e) {
            spill.close();
            throw e;
        }
    }
}
