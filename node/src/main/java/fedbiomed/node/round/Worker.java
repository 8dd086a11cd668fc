package fedbiomed.node.round;

import fedbiomed.training.worker.WorkerFrames;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One worker process, seen from the node. While a job runs, what it uses is watched ({@link WorkerWatch}); beyond a limit, or when {@link #end} is called, the process is killed, and the job fails with a reason that a person can act on.
 */
final class Worker implements AutoCloseable {
    private static final int QUEUED_REPLIES = 256;
    private static final long POLL_MILLIS = 200;
    private static final long EXIT_PATIENCE_SECONDS = 10;
    private static final long CRASH_SECONDS = 5;

    /** Exit values above this are 128 + the signal that ended the process. */
    private static final int SIGNALLED = 128;

    private static final int SIGKILL = 9;

    private final WorkerSettings settings;
    private final Path dataset;
    private final WorkerFolder folder;
    private final Process process;
    private final WorkerLog log;
    private final Thread reader;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUED_REPLIES);
    private volatile @Nullable FedbiomedException ended;
    private volatile boolean broken;
    private volatile List<ProcessHandle> killed = List.of();

    private sealed interface Event {
        record Said(WorkerReply reply) implements Event {}

        /** Nothing more will come. */
        record Silence() implements Event {}
    }

    private Worker(WorkerSettings settings, Path dataset, WorkerFolder folder, Process process, WorkerLog log) {
        this.settings = settings;
        this.dataset = dataset;
        this.folder = folder;
        this.process = process;
        this.log = log;
        // platform threads: reads of a pipe cannot be interrupted and would hold a carrier
        this.reader =
                Thread.ofPlatform().daemon().name("worker-out-" + process.pid()).start(this::read);
        Thread.ofPlatform()
                .daemon()
                .name("worker-err-" + process.pid())
                .start(() -> log.copy(process.getErrorStream()));
    }

    /** @param job the first: its dataset is the only one that the worker will see */
    static Worker start(
            WorkerSettings settings, WorkerStarter starter, WorkerKey key, WorkerJob job, boolean torch, Clock clock) {
        var folder = WorkerFolder.create(settings.work());
        var log = WorkerLog.create(
                settings.logs(),
                key.dataset() + "-" + String.valueOf(folder.root().getFileName()),
                clock);
        try {
            var process = starter.start(folder, job.data(), torch);
            return new Worker(settings, job.data().path(), folder, process, log);
        } catch (IOException e) {
            log.close();
            folder.remove();
            throw new UncheckedIOException("cannot start a worker process", e);
        } catch (RuntimeException e) {
            log.close();
            folder.remove();
            throw e;
        }
    }

    private void read() {
        try (var in = new BufferedInputStream(process.getInputStream())) {
            readReplies(in);
        } catch (IOException | RuntimeException e) {
            log.line("what the worker says can no longer be read: " + e);
            kill();
        } catch (InterruptedException _) {
            return;
        }
        try {
            events.put(new Event.Silence());
        } catch (InterruptedException _) {
            // nobody listens any more
        }
    }

    private void readReplies(InputStream in) throws IOException, InterruptedException {
        try {
            for (var reply = WorkerFrames.read(in, WorkerReply.class);
                    reply != null;
                    reply = WorkerFrames.read(in, WorkerReply.class)) {
                events.put(new Event.Said(reply));
            }
        } catch (FedbiomedException e) {
            log.line("what the worker says can no longer be understood: " + e.text());
            // while its output is open: were it closed, the process would end of that
            endUnlessItCrashes();
        }
    }

    /** A JVM that crashes says so on its output, between the frames; then it ends, and how is the better reason. */
    private void endUnlessItCrashes() {
        try {
            if (process.waitFor(CRASH_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        end(new FedbiomedException(
                ErrorCode.PLAN_FAILED,
                "the plan was ended: what its process says can no longer be understood; a plan writes to System.out and"
                        + " System.err alone"));
    }

    /**
     * Who belongs to it is known only until the first of them is dead. Of a sandbox what is within is killed: bubblewrap
     * then buries it and ends, where it would leave an orphan if it were killed itself.
     */
    private synchronized void kill() {
        var family = WorkerProcess.family(process);
        if (killed.isEmpty()) {
            killed = family;
        }
        boolean buried = settings.sandbox() == SandboxKind.BUBBLEWRAP && family.size() > 1;
        family.stream().filter(one -> !buried || one.pid() != process.pid()).forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether a job on {@code data} may be given to it. */
    boolean usable(Path data) {
        return dataset.equals(data) && usable();
    }

    boolean usable() {
        return !broken && ended == null && process.isAlive() && events.isEmpty();
    }

    /** Kills the process; a job that runs fails with {@code why}. */
    void end(FedbiomedException why) {
        if (ended == null) {
            ended = why;
        }
        kill();
    }

    /**
     * Works on {@code job}, one at a time.
     *
     * @throws FedbiomedException the worker's own failure, or that it was ended, broke down, or went beyond a limit
     */
    WorkerReply.Done run(WorkerJob job, ScalarStream scalars) {
        try {
            var inside = folder.bringIn(job);
            var model = job.parameters();
            long modelBytes = model == null ? 0 : Files.size(model);
            var limits = settings.limits();
            var watch = new WorkerWatch(process, folder, limits, limits.diskBytes() + 2 * modelBytes);
            var done = supervise(inside, scalars, watch);
            var output = job.output();
            if (output != null) {
                folder.bringOut(output, modelBytes + ModelFiles.METADATA_BYTES);
            }
            return done;
        } catch (FedbiomedException e) {
            log.line("a job ended: " + e.code() + ": " + e.text());
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the incoming model", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the work was cancelled", e);
        } finally {
            folder.clear();
            scalars.flush();
        }
    }

    private WorkerReply.Done supervise(WorkerJob job, ScalarStream scalars, WorkerWatch watch)
            throws InterruptedException {
        // whatever ends this without a proper answer leaves the process in the middle of a job
        broken = true;
        give(job);
        while (true) {
            var event = events.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            switch (event) {
                case Event.Said(WorkerReply.Progress(var scalar)) -> scalars.add(scalar);
                case Event.Said(WorkerReply.Done done) -> {
                    broken = false;
                    return done;
                }
                case Event.Said(WorkerReply.Failed failed) -> {
                    // a plan that failed may have left threads and native memory behind: its process goes
                    broken = failed.code() == ErrorCode.INTERNAL || failed.code() == ErrorCode.PLAN_FAILED;
                    log.line("a job failed:\n" + failed.detail());
                    throw Workers.refusal(failed.code(), Text.shownLines(failed.text(), MAX_FAILURE_CHARS));
                }
                case Event.Silence() -> throw died();
                case null -> scalars.flushIfDue();
            }
            var beyond = watch.look();
            if (beyond.isPresent()) {
                throw beyond(beyond.get());
            }
        }
    }

    /** Of a failure's text: a compiler's first errors fit. */
    private static final int MAX_FAILURE_CHARS = 3000;

    /** From a thread of its own: a process that does not read must not stop the watch. */
    private void give(WorkerJob job) {
        Thread.ofPlatform().daemon().name("worker-in-" + process.pid()).start(() -> {
            try {
                WorkerFrames.write(process.getOutputStream(), job);
            } catch (IOException e) {
                log.line("the job could not be handed over: " + e);
            }
        });
    }

    private FedbiomedException beyond(String what) {
        kill();
        return new FedbiomedException(ErrorCode.PLAN_FAILED, "the plan was ended: " + what);
    }

    private FedbiomedException died() throws InterruptedException {
        var why = ended;
        if (why != null) {
            return why;
        }
        if (!process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        int exit = process.isAlive() ? 0 : process.exitValue();
        log.line("the process ended by itself in the middle of a job, exit value " + exit);
        String how;
        if (exit == SIGNALLED + SIGKILL) {
            how =
                    "was killed (signal 9), most likely because the machine, or what this node allows it (worker_memory), ran"
                            + " out of memory; lower batch_size or the model's size";
        } else if (Files.isRegularFile(folder.work().resolve(WorkerProcess.CRASH_LOG), LinkOption.NOFOLLOW_LINKS)) {
            // without a core dump a JVM that crashes ends with 1
            how = "crashed, most likely in native code";
        } else if (exit > SIGNALLED) {
            how = "crashed (signal " + (exit - SIGNALLED) + "), most likely in native code";
        } else {
            how = "ended with exit code " + exit + "; a plan must not call System.exit";
        }
        return new FedbiomedException(
                ErrorCode.PLAN_FAILED,
                "the process that ran the plan " + how + ". The node's log of the worker has the rest");
    }

    @Override
    public void close() {
        kill();
        reader.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            if (!process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (var one : killed) {
                one.onExit().get(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            log.line("a process of this worker does not end: " + e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        log.close();
        folder.remove();
    }
}
