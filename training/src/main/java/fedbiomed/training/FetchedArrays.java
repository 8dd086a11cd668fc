package fedbiomed.training;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** A batch's arrays in memory of their own, read by several threads. */
final class FetchedArrays implements AutoCloseable {
    /** Any type's elements are aligned so. */
    private static final long ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final SampleArrays arrays;
    private final SequencedMap<String, MemorySegment> memory = new LinkedHashMap<>();

    FetchedArrays(SampleArrays arrays) {
        this.arrays = arrays;
        for (var name : arrays.names()) {
            memory.put(name, arena.allocate(Math.max(1, arrays.sizeBytes(name)), ALIGNMENT));
        }
    }

    /** Begins to read. @param parts into which each array's samples are cut, as far as there are so many */
    CompletableFuture<Void> read(Executor readers, int parts) {
        var reads = new ArrayList<CompletableFuture<Void>>();
        int samples = arrays.samples();
        memory.forEach((name, segment) -> {
            for (int part = 0; part < Math.min(parts, samples); part++) {
                int from = (int) ((long) samples * part / Math.min(parts, samples));
                int to = (int) ((long) samples * (part + 1) / Math.min(parts, samples));
                reads.add(CompletableFuture.runAsync(() -> arrays.gather(name, from, to, segment), readers));
            }
        });
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new));
    }

    long bytes() {
        return arrays.sizeBytes();
    }

    /** What was read, once it was. */
    SampleArrays samples() {
        return arrays.fetched(memory);
    }

    @Override
    public void close() {
        arena.close();
    }
}
