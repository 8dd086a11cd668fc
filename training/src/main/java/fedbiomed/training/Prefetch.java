package fedbiomed.training;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Batches one after the other; the arrays of those that come next are read (images decoded, volumes resampled) by other
 * threads while the caller computes on the present one. What comes, and in which order, does not depend on it. So are the
 * rows of a table that does not fit into memory; those of others lie there already and are passed on.
 *
 * <p>For one thread. A batch may be used until the next one is asked for, or this is closed.
 */
final class Prefetch implements Iterator<Samples>, AutoCloseable {
    /** Of all batches that lie ready together; one that is larger alone is read when the engine asks for it. */
    static final long MAX_AHEAD_BYTES = 128L << 20;

    private static final long MAX_AHEAD_ROWS_BYTES = Runtime.getRuntime().maxMemory() / 16;

    /** More batches than these never wait: the readers are faster than the engine then. */
    private static final int MAX_AHEAD = 4;

    private final Iterator<Samples> batches;
    private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();
    private final int threads = Runtime.getRuntime().availableProcessors();
    private @Nullable ThreadPoolExecutor readers;
    private @Nullable Samples next;
    private @Nullable Ahead present;
    private long aheadBytes;

    /**
     * A batch that is being read, or needs no reading.
     *
     * @param bytes that it takes beside what was there before
     * @param arrays {@code null} where none are read
     */
    private record Ahead(
            CompletableFuture<Samples> read,
            long bytes,
            @Nullable FetchedArrays arrays) {
        void free() {
            if (arrays != null) {
                arrays.close();
            }
        }
    }

    Prefetch(Iterator<Samples> batches) {
        this.batches = batches;
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || next != null || batches.hasNext();
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as reading the samples does */
    @Override
    public Samples next() {
        freePresent();
        if (ahead.isEmpty()) {
            var first = next != null ? next : batches.next();
            if (isReady(first)) {
                next = null;
                return first;
            }
            next = first;
        }
        readAhead();
        var batch = ahead.poll();
        if (batch == null) {
            throw new NoSuchElementException();
        }
        present = batch;
        aheadBytes -= batch.bytes();
        readAhead();
        try {
            return batch.read().join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException reason -> throw reason;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }

    /** Rows of a table in memory: passed on, since keeping them would cost more than a small model's step. */
    private static boolean isReady(Samples batch) {
        return batch.table() == null && batch.arrays().samples() == 0;
    }

    private void freePresent() {
        if (present != null) {
            present.free();
            present = null;
        }
    }

    private void readAhead() {
        while (ahead.size() < MAX_AHEAD && (next != null || batches.hasNext())) {
            var batch = next != null ? next : batches.next();
            next = batch;
            long bytes = bytes(batch);
            if (!ahead.isEmpty() && aheadBytes + bytes > maxAheadBytes(batch)) {
                return;
            }
            next = null;
            ahead.add(begun(batch, bytes));
            aheadBytes += ahead.getLast().bytes();
        }
    }

    private static long bytes(Samples batch) {
        return batch.table() == null
                ? batch.arrays().sizeBytes()
                : batch.table().bytes();
    }

    /** Rows of a table are made in the heap. */
    private static long maxAheadBytes(Samples batch) {
        return batch.table() == null ? MAX_AHEAD_BYTES : Math.min(MAX_AHEAD_BYTES, MAX_AHEAD_ROWS_BYTES);
    }

    private Ahead begun(Samples batch, long bytes) {
        if (batch.table() != null) {
            return new Ahead(CompletableFuture.supplyAsync(batch::fetched, readers()), bytes, null);
        }
        if (batch.arrays().samples() == 0 || bytes > MAX_AHEAD_BYTES) {
            return new Ahead(CompletableFuture.completedFuture(batch), 0, null);
        }
        var arrays = new FetchedArrays(batch.arrays());
        var read = arrays.read(readers(), threads).thenApply(_ -> batch.with(arrays.samples()));
        return new Ahead(read, bytes, arrays);
    }

    private ThreadPoolExecutor readers() {
        var pool = readers;
        if (pool == null) {
            pool = (ThreadPoolExecutor) Executors.newFixedThreadPool(threads, task -> {
                var thread = new Thread(task, "sample-reader");
                thread.setDaemon(true);
                return thread;
            });
            readers = pool;
        }
        return pool;
    }

    /** Waits for the reads that have begun: none is interrupted, since that would close files under others' reads. */
    @Override
    public void close() {
        if (readers != null) {
            readers.getQueue().clear();
            readers.close();
        }
        freePresent();
        ahead.forEach(Ahead::free);
        ahead.clear();
    }
}
