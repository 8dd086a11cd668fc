package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stretch of one tensor, small enough that its sums stay in a core's cache. Chunks are worked on by all cores, in
 * no certain order; since each writes only its own elements, the result does not depend on it.
 *
 * @param tensor the tensor's place in the model
 * @param from its first element
 */
record Chunk(int tensor, String name, long from, int elements) {
    /** 512 KiB of binary64 sums: half of a usual core's second-level cache. */
    static final int MAX_ELEMENTS = 1 << 16;

    /** So many elements are worked through before a thread would have begun. */
    private static final long WORTH_A_THREAD = 1 << 16;

    /** What is done with a chunk. */
    interface Work {
        void on(Chunk chunk) throws IOException;
    }

    /** Makes the work of one thread, with buffers of its own. */
    interface WorkFactory {
        Work create();
    }

    static List<Chunk> of(Parameters parameters) {
        return of(parameters, MAX_ELEMENTS);
    }

    /** @param most elements in a chunk, at most {@link #MAX_ELEMENTS} */
    static List<Chunk> of(Parameters parameters, int most) {
        var chunks = new ArrayList<Chunk>();
        int index = 0;
        for (var named : parameters.tensors().entrySet()) {
            long elements = named.getValue().elements();
            for (long from = 0; from < elements; from += most) {
                chunks.add(new Chunk(index, named.getKey(), from, (int) Math.min(most, elements - from)));
            }
            index++;
        }
        return chunks;
    }

    /** Of all of them together. */
    static long elements(List<Chunk> chunks) {
        return chunks.stream().mapToLong(Chunk::elements).sum();
    }

    /** Of the longest. */
    static int most(List<Chunk> chunks) {
        return chunks.stream().mapToInt(Chunk::elements).max().orElse(0);
    }

    /**
     * On all cores, or in this thread where the work is little.
     *
     * @param elements that are read, those of each input counted
     * @throws IOException the first that a thread met; the others stop at their next chunk
     */
    static void forEach(List<Chunk> chunks, long elements, WorkFactory factory) throws IOException {
        var next = new AtomicInteger();
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), chunks.size());
        if (threads <= 1 || elements < WORTH_A_THREAD) {
            work(chunks, next, factory.create());
            return;
        }
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var running = new ArrayList<Future<?>>();
            for (int t = 0; t < threads; t++) {
                running.add(executor.submit(() -> {
                    work(chunks, next, factory.create());
                    return null;
                }));
            }
            for (var future : running) {
                await(future, next, chunks.size());
            }
        }
    }

    private static void work(List<Chunk> chunks, AtomicInteger next, Work work) throws IOException {
        try {
            for (int i = next.getAndIncrement(); i < chunks.size(); i = next.getAndIncrement()) {
                work.on(chunks.get(i));
            }
        } catch (IOException | RuntimeException | Error e) {
            next.set(chunks.size());
            throw e;
        }
    }

    private static void await(Future<?> future, AtomicInteger next, int end) throws IOException {
        try {
            future.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException runtime -> throw runtime;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        } catch (InterruptedException _) {
            next.set(end);
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted while folding model updates");
        }
    }
}
