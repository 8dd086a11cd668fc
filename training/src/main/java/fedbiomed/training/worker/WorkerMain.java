package fedbiomed.training.worker;

import fedbiomed.data.tabular.TableSpace;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.ClassCheck;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The worker process: reads {@link WorkerJob}s from stdin, one after the other, and answers each on stdout with any
 * number of {@link WorkerReply.Progress} and one {@link WorkerReply.Done} or {@link WorkerReply.Failed}
 * ({@link WorkerFrames}). It ends when stdin does, so that it does not outlive its parent.
 *
 * <p>The parent starts it with {@link #ENVIRONMENT}, {@link WorkerClassPath}, {@code --enable-native-access=ALL-UNNAMED}
 * and, for plans on PyTorch, {@code -Dorg.bytedeco.javacpp.cachedir=} a folder it may read (and write, unless the
 * natives are unpacked already).
 */
public final class WorkerMain {
    /**
     * What must stand in the worker's environment. One thread for PyTorch and for its OpenBLAS, so that sums are made in
     * one order; and waiting threads that sleep: with active spinning they take the CPU from each other as soon as
     * anything else runs (batches of 128 and more, on two busy cores: 4k samples/s instead of 100k).
     *
     * <p>And that the C library's allocator, where it is glibc's, keeps what one step frees and the next one needs again. In
     * an arena of a thread's own, trimmed after each step, a 3-D U-Net spent a tenth of its time on getting its pages anew.
     * Single pieces of more than 32 MiB, glibc's own upper bound, still come from the system and go back.
     */
    public static final Map<String, String> ENVIRONMENT = Map.of(
            "OMP_WAIT_POLICY",
            "PASSIVE",
            "OMP_NUM_THREADS",
            "1",
            "OPENBLAS_NUM_THREADS",
            "1",
            "MALLOC_ARENA_MAX",
            "1",
            "MALLOC_TRIM_THRESHOLD_",
            String.valueOf(1L << 40),
            "MALLOC_MMAP_THRESHOLD_",
            String.valueOf(32 << 20));

    /** System property: the process id of the parent, as the worker sees it; without it the one at start. */
    public static final String PARENT_PROPERTY = "fedbiomed.parent";

    /** System property: "true" leaves out the check of the plan's bytecode. For tests of the other walls alone. */
    public static final String UNCHECKED_PROPERTY = "fedbiomed.unchecked";

    /** System property: the folder for the columns of a table that does not fit into memory ... */
    public static final String TABLES_PROPERTY = "fedbiomed.tables";

    /** ... and how many bytes it may hold. Without them such a table is refused. */
    public static final String TABLES_BYTES_PROPERTY = "fedbiomed.tables.bytes";

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ParentLink parent;
    private @Nullable LoadedPlan plan;

    private WorkerMain(ParentLink parent) {
        this.parent = parent;
    }

    static void main() throws IOException {
        new WorkerMain(ParentLink.open()).serve();
        // a thread that a plan left behind must not keep the process
        System.exit(0);
    }

    private void serve() throws IOException {
        while (true) {
            WorkerJob job;
            try {
                job = parent.next(WorkerJob.class);
            } catch (FedbiomedException e) {
                // after a broken frame nothing in the stream can be believed
                parent.send(failed(e));
                return;
            }
            if (job == null) {
                return;
            }
            parent.send(reply(job));
            FreedMemory.giveBack();
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever happens, the node gets an answer
    private WorkerReply reply(WorkerJob job) {
        try {
            long start = System.nanoTime();
            var current = planOf(job);
            long compileMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            var progress = new ProgressQueue(scalar -> parent.send(new WorkerReply.Progress(scalar)));
            WorkerReply.Done done;
            try (progress) {
                done = current.run(job, progress::add);
            }
            return done.timed(done.timings().with("compile", compileMillis)).missing(progress.missed());
        } catch (Throwable thrown) {
            return failed(thrown);
        }
    }

    /** Compiled once a text; loaded afresh each job by {@link LoadedPlan#run}. */
    private LoadedPlan planOf(WorkerJob job) {
        var source = PlanSource.read(job.plan());
        PlanId id = source.id();
        var current = plan;
        if (current == null || !current.id().equals(id)) {
            if (current != null) {
                current.close();
            }
            current = (Boolean.getBoolean(UNCHECKED_PROPERTY)
                            ? LoadedPlan.compile(source, ClassCheck.ALLOW_ALL)
                            : LoadedPlan.compile(source))
                    .withTables(tables());
            plan = current;
        }
        return current;
    }

    private static TableSpace tables() {
        var folder = System.getProperty(TABLES_PROPERTY);
        return folder == null
                ? TableSpace.inMemory()
                : TableSpace.spilling(Path.of(folder), Long.getLong(TABLES_BYTES_PROPERTY, 0));
    }

    private static WorkerReply.Failed failed(Throwable thrown) {
        return switch (thrown) {
            case FedbiomedException e -> new WorkerReply.Failed(e.code(), e.text(), ParentLink.detail(e));
            case OutOfMemoryError e ->
                new WorkerReply.Failed(
                        ErrorCode.PLAN_FAILED,
                        "the worker has not enough memory for this plan and dataset; lower batch_size or the model's"
                                + " size, or ask the data manager for more memory",
                        ParentLink.detail(e));
            default ->
                new WorkerReply.Failed(
                        ErrorCode.INTERNAL,
                        "the worker failed with " + thrown.getClass().getName() + "; the node's own log has the rest",
                        ParentLink.detail(thrown));
        };
    }
}
