package fedbiomed.benchmarks;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.CoordinateMedian;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.aggregator.TrimmedMean;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A round's updates become the next model, as an experiment has it done ({@link AggregationRound}: files that were
 * memory-mapped, checked for structure and finite values, folded, written). The limit is a plain read of the same bytes by
 * as many threads as there are cores, page cache warm, measured right before and after; its best counts.
 */
final class Aggregation {
    private static final int MEBIBYTE = 1 << 20;
    private static final int TENSORS = 8;
    private static final double MEMORY_MEBIBYTES = 256;
    private static final double NANOS = 1e9;
    private static final double GIGA = 1e9;
    private static final int REPETITIONS = 5;
    private static final int READ_AT_ONCE = 1 << 15;

    private final Path folder;
    private final int mebibytes;
    private final int updates;

    /** @param mebibytes of a model, in float32 */
    Aggregation(Path folder, int mebibytes, int updates) {
        this.folder = folder;
        this.mebibytes = mebibytes;
        this.updates = updates;
    }

    List<Measurement> run() throws IOException, InterruptedException {
        var measured = new ArrayList<Measurement>();
        measured.add(measure("FedAvg", new FedAvg(), 0.7));
        measured.add(measure("SCAFFOLD", new Scaffold(), 0.5));
        measured.add(measure("coordinate median", new CoordinateMedian(), 0.1));
        measured.add(measure("trimmed mean", new TrimmedMean(0.2), 0.1));
        measured.add(memory());
        return measured;
    }

    /** Of a process that has the files and nothing else to do, started as the launcher starts a researcher. */
    private Measurement memory() throws IOException, InterruptedException {
        var files = make(new FedAvg());
        double mebibytesOfMemory = FoldAlone.mebibytes(files, updates);
        deleteTree(files);
        return Measurement.within(
                "aggregation: memory, " + updates + " updates of " + mebibytes + " MiB",
                mebibytesOfMemory,
                "MiB",
                MEMORY_MEBIBYTES,
                "RssAnon of a process that folds them by FedAvg, at its most");
    }

    /** The files of a round. */
    private Path make(Aggregator aggregator) throws IOException {
        var files = Files.createDirectories(folder.resolve(aggregator.name()));
        write(global(files), 0, Set.of());
        for (int i = 0; i < updates; i++) {
            write(update(files, i), i + 1, Set.copyOf(aggregator.receivedVectors()));
        }
        return files;
    }

    private static Path global(Path files) {
        return files.resolve("global.safetensors");
    }

    private static Path update(Path files, int of) {
        return files.resolve("update-" + of + ".safetensors");
    }

    private static List<Update> came(Path files, int updates) {
        var came = new ArrayList<Update>();
        for (int i = 0; i < updates; i++) {
            came.add(new Update(new Participant(PartyId.of("node-" + i), "d"), update(files, i), 100 + i, 10));
        }
        return came;
    }

    private Measurement measure(String name, Aggregator aggregator, double goal)
            throws IOException, InterruptedException {
        var files = make(aggregator);
        var came = came(files, updates);
        long bytes = 0;
        for (var update : came) {
            bytes += Files.size(update.file());
        }
        double read = 0;
        double fold = 0;
        for (int i = 0; i < REPETITIONS; i++) {
            read = Math.max(read, bytes / read(came));
            fold = Math.max(fold, bytes / fold(aggregator, files, updates));
            read = Math.max(read, bytes / read(came));
        }
        deleteTree(files);
        return Measurement.throughput(
                "aggregation: " + name + ", " + updates + " updates of " + mebibytes + " MiB",
                fold / GIGA,
                "GB/s",
                read / GIGA,
                "a plain read of the updates' bytes by all cores, page cache warm",
                goal);
    }

    /** @return seconds */
    static double fold(Aggregator aggregator, Path files, int updates) throws IOException {
        var came = came(files, updates);
        var next = files.resolve("next.safetensors");
        var state = files.resolve("state.safetensors");
        long start = System.nanoTime();
        try (var round = new AggregationRound(
                aggregator, global(files), came, updates, AggregationRound.State.NONE, Set.of(), next, state)) {
            aggregator.aggregate(round);
        }
        double seconds = (System.nanoTime() - start) / NANOS;
        Files.deleteIfExists(next);
        Files.deleteIfExists(state);
        return seconds;
    }

    /** Every 8 bytes once, each core its share of every file. @return seconds */
    private static double read(List<Update> came) throws IOException, InterruptedException {
        var mapped = new ArrayList<MemorySegment>();
        try (var arena = java.lang.foreign.Arena.ofShared()) {
            for (var update : came) {
                try (var channel = FileChannel.open(update.file(), StandardOpenOption.READ)) {
                    mapped.add(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
                }
            }
            int cores = Runtime.getRuntime().availableProcessors();
            var sink = new AtomicLong();
            long start = System.nanoTime();
            var threads = new ArrayList<Thread>();
            for (int core = 0; core < cores; core++) {
                int mine = core;
                threads.add(Thread.ofPlatform().start(() -> sink.addAndGet(xor(mapped, mine, cores))));
            }
            for (var thread : threads) {
                thread.join();
            }
            return (System.nanoTime() - start) / NANOS;
        }
    }

    private static long xor(List<MemorySegment> files, int mine, int of) {
        long xor = 0;
        for (var file : files) {
            long longs = file.byteSize() / Long.BYTES;
            long from = longs * mine / of;
            long to = longs * (mine + 1) / of;
            for (long at = from; at < to; at += READ_AT_ONCE) {
                xor ^= xor(file, at, (int) Math.min(READ_AT_ONCE, to - at));
            }
        }
        return xor;
    }

    /** Called often, so that it is compiled as well as it can be: the limit is the memory's, not a slow loop's. */
    private static long xor(MemorySegment file, long from, int longs) {
        long xor = 0;
        for (int i = 0; i < longs; i++) {
            xor ^= file.get(ValueLayout.JAVA_LONG_UNALIGNED, (from + i) * Long.BYTES);
        }
        return xor;
    }

    private void write(Path file, int seed, Set<String> vectors) {
        var model = model(seed);
        for (var vector : vectors) {
            model = Auxiliary.with(model, vector, model(seed + 1000));
        }
        Safetensors.write(file, model);
    }

    private Parameters model(int seed) {
        var random = new Random(seed);
        long elements = (long) mebibytes * MEBIBYTE / Float.BYTES / TENSORS;
        var builder = Parameters.builder();
        for (int t = 0; t < TENSORS; t++) {
            var data = MemorySegment.ofArray(new float[Math.toIntExact(elements)]);
            for (long i = 0; i < elements; i++) {
                data.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
            }
            builder.put(
                    String.format(Locale.ROOT, "layer%d.weight", t), Tensor.of(DType.F32, new long[] {elements}, data));
        }
        return builder.build();
    }

    static void deleteTree(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
