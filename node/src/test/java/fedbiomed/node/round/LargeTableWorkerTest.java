package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.Sandboxes;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.message.Job;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker in its sandbox trains on a table that is larger than its heap. */
class LargeTableWorkerTest {
    private static final int INPUTS = 16;

    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs(%s).standardise().impute(MEAN).target("sick").classes("0", "1");
                }
            }
            """.formatted(
                    IntStream.range(0, INPUTS).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(", ")));

    @TempDir
    Path folder;

    private static WorkerLimits limits(long heapBytes, long memoryBytes, long tableBytes) {
        return new WorkerLimits(
                heapBytes,
                memoryBytes,
                32L << 20,
                tableBytes,
                32L << 20,
                1,
                100,
                Duration.ofHours(2),
                Duration.ofHours(2));
    }

    /** Every value of {@code digits} digits behind the point. */
    private static void write(Path file, long rows, int digits) throws IOException {
        var random = new SplittableRandom(4);
        long unit = Math.round(Math.pow(10, digits));
        try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            var line = new StringBuilder();
            for (int i = 0; i < INPUTS; i++) {
                line.append('c').append(i).append(',');
            }
            out.write(line.append("sick\n").toString().getBytes(StandardCharsets.US_ASCII));
            for (long row = 0; row < rows; row++) {
                line.setLength(0);
                long first = random.nextLong(unit);
                for (int i = 0; i < INPUTS; i++) {
                    line.append(i == 1 && row % 50 == 0 ? "" : "0.")
                            .append(
                                    i == 1 && row % 50 == 0
                                            ? ""
                                            : String.valueOf(i == 0 ? first : random.nextLong(unit)))
                            .append(',');
                }
                line.append(first > unit / 2 ? "1\n" : "0\n");
                out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    private WorkerPool pool(WorkerLimits limits) {
        return new WorkerPool(
                new WorkerSettings(
                        folder.resolve("work"),
                        folder.resolve("logs"),
                        folder.resolve("cache"),
                        Sandboxes.HERE,
                        limits,
                        Duration.ofMinutes(5),
                        0,
                        2,
                        true,
                        GpuPolicy.NONE),
                _ -> Optional.empty(),
                Clock.systemUTC());
    }

    private WorkerReply.Done run(WorkerPool pool, WorkerJob.Task task, Path data, int batchSize) throws IOException {
        var source = new PlanSource(PLAN);
        var files = Files.createDirectories(folder.resolve("job"));
        var incoming = files.resolve("global.safetensors");
        Files.deleteIfExists(output());
        Safetensors.write(
                incoming,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[INPUTS], 1, INPUTS))
                        .put("intercept", Tensor.ofDoubles(new double[1], 1))
                        .build());
        var participant = new Participant(PartyId.of("hospital-a"), "sick");
        var args = TrainingArgs.builder()
                .epochs(1)
                .batchSize(batchSize)
                .testRatio(0.2)
                .testOnLocalUpdates(true)
                .randomSeed(7)
                .build();
        var modelArgs = new Args(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.1));
        var work = new WorkerJob(
                task,
                Files.writeString(files.resolve("SickPlan.java"), PLAN),
                modelArgs,
                args,
                participant,
                1,
                new StoredDataset("csv", data),
                task == WorkerJob.Task.TRAIN ? incoming : null,
                task == WorkerJob.Task.TRAIN ? output() : null,
                task == WorkerJob.Task.TRAIN ? statistics : PreprocessingStatistics.NONE);
        var job = new Job(
                "run-1",
                1,
                0,
                PartyId.of("ana"),
                participant,
                "0".repeat(64),
                source.id(),
                modelArgs,
                args,
                null,
                PreprocessingStatistics.NONE,
                null);
        var key = new WorkerKey(
                PartyId.of("ana"), new Fingerprint("AAAA" + "-AAAA".repeat(7)), "run-1", "sick", source.id());
        return pool.run(key, work, false, new ScalarStream("request", job, new DeclaredResults(source), _ -> true));
    }

    private PreprocessingStatistics statistics = PreprocessingStatistics.NONE;

    private Path output() {
        return folder.resolve("job/trained.safetensors");
    }

    private WorkerReply.Done train(WorkerPool pool, Path data, int batchSize) throws IOException {
        statistics = Objects.requireNonNull(
                run(pool, WorkerJob.Task.STATISTICS, data, batchSize).statistics());
        return run(pool, WorkerJob.Task.TRAIN, data, batchSize);
    }

    private long inTables() throws IOException {
        try (var files = Files.walk(folder.resolve("work"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("columns-"))
                    .count();
        }
    }

    @Test
    void itLiesInTheWorkersFolderAndTrainsAsInMemory() throws IOException {
        var data = folder.resolve("data.csv");
        write(data, 200_000, 3);
        byte[] inMemory;
        try (var pool = pool(limits(256L << 20, 700L << 20, 64L << 20))) {
            assertThat(train(pool, data, 64).samples()).isEqualTo(160_000);
            assertThat(inTables()).isZero();
            inMemory = Files.readAllBytes(output());
        }
        // what a node that was killed has left
        Files.write(
                Files.createDirectories(folder.resolve("work/worker-1/tables/table-1"))
                        .resolve("columns-0"),
                new byte[1000]);
        try (var pool = pool(limits(48L << 20, 400L << 20, 64L << 20))) {
            assertThat(inTables()).as("is gone when the node starts").isZero();
            assertThat(train(pool, data, 64).samples()).isEqualTo(160_000);
            assertThat(inTables()).as("kept for the next round").isEqualTo(1);
            assertThat(Files.readAllBytes(output())).isEqualTo(inMemory);
        }
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }

    @Test
    void pagesOfAMappedFileAreNotAWorkersOwnMemory() throws IOException {
        int bytes = 256 << 20;
        var file = folder.resolve("mapped");
        try (var channel = FileChannel.open(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var arena = Arena.ofConfined()) {
            var memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            long before = ProcessUsage.of(List.of(ProcessHandle.current())).residentBytes();
            for (long at = 0; at < bytes; at += 1024) {
                memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
            }
            assertThat(ProcessUsage.of(List.of(ProcessHandle.current())).residentBytes() - before)
                    .isLessThan(bytes / 2);
            assertThat(before).as("what is its own is counted").isGreaterThan(8 << 20);
        }
    }

    /** {@code -Dfedbiomed.table.mebibytes} of CSV and {@code -Dfedbiomed.table.heap} in MiB; prints what it took. */
    @Test
    @Tag("campaign")
    void aTableSeveralTimesAsLargeAsTheHeap() throws IOException {
        long mebibytes = Long.getLong("fedbiomed.table.mebibytes", 3 << 10);
        long heap = Long.getLong("fedbiomed.table.heap", 512);
        var data = folder.resolve("data.csv");
        long rows = (mebibytes << 20) / (INPUTS * 19 + 2);
        write(data, rows, 16);
        var peak = new AtomicLong();
        var over = new AtomicBoolean();
        try (var pool = pool(limits(heap << 20, (heap << 20) + (400L << 20), 64L << 30))) {
            var sampler = Thread.ofPlatform().start(() -> {
                while (!over.get()) {
                    ProcessHandle.current()
                            .descendants()
                            .forEach(one -> peak.accumulateAndGet(
                                    ProcessUsage.of(List.of(one)).residentBytes(), Math::max));
                    LockSupport.parkNanos(50_000_000);
                }
            });
            try {
                long begin = System.nanoTime();
                statistics = Objects.requireNonNull(
                        run(pool, WorkerJob.Task.STATISTICS, data, 256).statistics());
                long read = System.nanoTime();
                var done = run(pool, WorkerJob.Task.TRAIN, data, 256);
                long trained = System.nanoTime();
                run(pool, WorkerJob.Task.TRAIN, data, 256);
                System.out.printf(
                        "%d MiB of CSV, %d rows, heap %d MiB: statistics %.0f s, a first round %.0f s, the next %.0f s,"
                                + " peak %d MiB of its own; %s%n",
                        Files.size(data) >> 20,
                        rows,
                        heap,
                        (read - begin) / 1e9,
                        (trained - read) / 1e9,
                        (System.nanoTime() - trained) / 1e9,
                        peak.get() >> 20,
                        done.timings());
                assertThat(done.samples()).isEqualTo(rows - Math.round(rows * 0.2));
                assertThat(inTables()).isEqualTo(1);
            } finally {
                over.set(true);
                sampler.interrupt();
            }
        }
        assertThat(folder.resolve("work")).isEmptyDirectory();
    }
}
