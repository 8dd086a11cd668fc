package fedbiomed.training.worker;

import fedbiomed.data.tabular.TableSpace;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.ClassCheck;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
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
     */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("OMP_WAIT_POLICY", "PASSIVE", "OMP_NUM_THREADS", "1", "OPENBLAS_NUM_THREADS", "1");

    /** Of a plan's prints, in bytes a job, that reach the node's log. */
    static final int MAX_PRINTED_BYTES = 64 << 10;

    /** Of a failure's detail (stack trace), in characters. */
    private static final int MAX_DETAIL_CHARS = 32 << 10;

    /** System property: the process id of the parent, as the worker sees it; without it the one at start. */
    public static final String PARENT_PROPERTY = "fedbiomed.parent";

    /** System property: "true" leaves out the check of the plan's bytecode. For tests of the other walls alone. */
    public static final String UNCHECKED_PROPERTY = "fedbiomed.unchecked";

    /** System property: the folder for the columns of a table that does not fit into memory ... */
    public static final String TABLES_PROPERTY = "fedbiomed.tables";

    /** ... and how many bytes it may hold. Without them such a table is refused. */
    public static final String TABLES_BYTES_PROPERTY = "fedbiomed.tables.bytes";

    /** How often the worker looks whether its parent is still there. */
    private static final long PARENT_LOOK_NANOS = 1_000_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final InputStream in;
    private final OutputStream out;
    private final BoundedOutput printed;
    private @Nullable LoadedPlan plan;

    private WorkerMain(InputStream in, OutputStream out, BoundedOutput printed) {
        this.in = in;
        this.out = out;
        this.printed = printed;
    }

    static void main() throws IOException {
        var in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
        var out = new FileOutputStream(FileDescriptor.out);
        var printed = new BoundedOutput(new FileOutputStream(FileDescriptor.err), MAX_PRINTED_BYTES);
        var print = new PrintStream(printed, true, StandardCharsets.UTF_8);
        // before any plan is loaded: its prints must not come between the frames, nor may it read the next job
        System.setOut(print);
        System.setErr(print);
        System.setIn(InputStream.nullInputStream());
        endWithParent();
        new WorkerMain(in, out, printed).serve();
        // a thread that a plan left behind must not keep the process
        System.exit(0);
    }

    /**
     * The end of stdin is seen only between jobs; a plan that never returns must not outlive a parent that was killed.
     * An orphan gets another parent at once, even while the old one is a zombie. Whose child this is the parent says
     * ({@link #PARENT_PROPERTY}): it may have died before this process could ask.
     */
    private static void endWithParent() {
        var self = ProcessHandle.current();
        long parent = Long.getLong(PARENT_PROPERTY, parentOf(self));
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            while (parentOf(self) == parent) {
                LockSupport.parkNanos(PARENT_LOOK_NANOS);
            }
            Runtime.getRuntime().halt(1);
        });
    }

    private static long parentOf(ProcessHandle process) {
        return process.parent().map(ProcessHandle::pid).orElse(0L);
    }

    private void serve() throws IOException {
        while (true) {
            WorkerJob job;
            try {
                job = WorkerFrames.read(in, WorkerJob.class);
            } catch (FedbiomedException e) {
                // after a broken frame nothing in the stream can be believed
                WorkerFrames.write(out, failed(e));
                return;
            }
            if (job == null) {
                return;
            }
            printed.renew();
            WorkerFrames.write(out, reply(job));
        }
    }

    @SuppressWarnings("CatchingUnchecked") // whatever happens, the node gets an answer
    private WorkerReply reply(WorkerJob job) {
        try {
            long start = System.nanoTime();
            var current = planOf(job);
            long compileMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            var done = current.run(job, scalar -> send(new WorkerReply.Progress(scalar)));
            return done.timed(done.timings().with("compile", compileMillis));
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

    private void send(WorkerReply reply) {
        try {
            WorkerFrames.write(out, reply);
        } catch (IOException e) {
            throw new UncheckedIOException("the parent no longer listens", e);
        }
    }

    private static WorkerReply.Failed failed(Throwable thrown) {
        return switch (thrown) {
            case FedbiomedException e -> new WorkerReply.Failed(e.code(), e.text(), detail(e));
            case OutOfMemoryError e ->
                new WorkerReply.Failed(
                        ErrorCode.PLAN_FAILED,
                        "the worker has not enough memory for this plan and dataset; lower batch_size or the model's"
                                + " size, or ask the data manager for more memory",
                        detail(e));
            default ->
                new WorkerReply.Failed(
                        ErrorCode.INTERNAL,
                        "the worker failed with " + thrown.getClass().getName() + "; the node's own log has the rest",
                        detail(thrown));
        };
    }

    /** An exception of a plan may throw again when it is asked for its text. */
    @SuppressWarnings("CatchingUnchecked")
    private static String detail(Throwable thrown) {
        try {
            var text = new StringWriter();
            thrown.printStackTrace(new PrintWriter(text));
            var detail = text.toString();
            return detail.length() > MAX_DETAIL_CHARS ? detail.substring(0, MAX_DETAIL_CHARS) : detail;
        } catch (Throwable _) {
            return thrown.getClass().getName();
        }
    }
}
