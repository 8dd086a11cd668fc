package fedbiomed.node.round;

import fedbiomed.training.worker.WorkerFrames;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One worker process, seen from the node. While a job runs, its wall time and resident memory are watched; beyond a
 * limit, or when {@link #end} is called, the process is killed, and the job fails with a reason that a person can act on.
 */
final class Worker implements AutoCloseable {
    private static final int QUEUED_REPLIES = 256;
    private static final long POLL_MILLIS = 200;
    private static final long MEMORY_LOOK_NANOS = 500_000_000;
    private static final long EXIT_PATIENCE_SECONDS = 10;

    /** Exit values above this are 128 + the signal that ended the process. */
    private static final int SIGNALLED = 128;

    private static final int SIGKILL = 9;

    private final WorkerSettings settings;
    private final Path folder;
    private final Process process;
    private final WorkerLog log;
    private final Thread reader;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUED_REPLIES);
    private volatile @Nullable FedbiomedException ended;
    private volatile boolean broken;

    private sealed interface Event {
        record Said(WorkerReply reply) implements Event {}

        /** Nothing more will come. */
        record Silence() implements Event {}
    }

    private Worker(WorkerSettings settings, Path folder, Process process, WorkerLog log) {
        this.settings = settings;
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

    static Worker start(WorkerSettings settings, String dataset, Clock clock) {
        var folder = WorkFolders.create(settings.work(), WorkerProcess.WORKER_PREFIX);
        var log = WorkerLog.create(
                settings.logs(), dataset + "-" + folder.getFileName().toString(), clock);
        try {
            return new Worker(settings, folder, WorkerProcess.start(settings, folder), log);
        } catch (IOException e) {
            log.close();
            WorkFolders.remove(folder);
            throw new UncheckedIOException("cannot start a worker process", e);
        }
    }

    private void read() {
        try (var in = new BufferedInputStream(process.getInputStream())) {
            for (var reply = WorkerFrames.read(in, WorkerReply.class);
                    reply != null;
                    reply = WorkerFrames.read(in, WorkerReply.class)) {
                events.put(new Event.Said(reply));
            }
        } catch (IOException | RuntimeException e) {
            log.line("what the worker says can no longer be read: " + e);
            WorkerProcess.kill(process);
        } catch (InterruptedException _) {
            return;
        }
        try {
            events.put(new Event.Silence());
        } catch (InterruptedException _) {
            // nobody listens any more
        }
    }

    /** Whether another job may be given to it. */
    boolean usable() {
        return !broken && ended == null && process.isAlive() && events.isEmpty();
    }

    /** Kills the process; a job that runs fails with {@code why}. */
    void end(FedbiomedException why) {
        if (ended == null) {
            ended = why;
        }
        WorkerProcess.kill(process);
    }

    /**
     * Works on {@code job}, one at a time.
     *
     * @throws FedbiomedException the worker's own failure, or that it was ended, broke down, or went beyond a limit
     */
    WorkerReply.Done run(WorkerJob job, ScalarStream scalars) {
        try {
            return supervise(job, scalars);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the work was cancelled", e);
        } finally {
            scalars.flush();
        }
    }

    private WorkerReply.Done supervise(WorkerJob job, ScalarStream scalars) throws InterruptedException {
        // whatever ends this without a proper answer leaves the process in the middle of a job
        broken = true;
        give(job);
        long start = System.nanoTime();
        long memoryLook = start;
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
                    log.line("a job failed: " + failed.code() + ": " + failed.text() + "\n" + failed.detail());
                    throw new FedbiomedException(failed.code(), Text.shownLines(failed.text(), MAX_FAILURE_CHARS));
                }
                case Event.Silence() -> throw died();
                case null -> scalars.flushIfDue();
            }
            long now = System.nanoTime();
            if (now - start > settings.jobLimit().toNanos()) {
                throw beyond("it worked for " + settings.jobLimit().toSeconds()
                        + " s, the limit of this node (job_limit); let it do less (fewer epochs, num_updates), or ask the"
                        + " data manager for a higher limit");
            }
            if (now - memoryLook > MEMORY_LOOK_NANOS) {
                memoryLook = now;
                checkMemory();
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

    private void checkMemory() {
        long used = WorkerProcess.residentBytes(process.pid()).orElse(0);
        if (used > settings.memoryBytes()) {
            throw beyond(
                    "it used " + mebibytes(used) + " MiB of memory, more than the " + mebibytes(settings.memoryBytes())
                            + " MiB that this node allows (worker_memory); lower batch_size or the model's size, or ask the data"
                            + " manager for a higher limit");
        }
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }

    private FedbiomedException beyond(String what) {
        WorkerProcess.kill(process);
        log.line("ended: " + what);
        return new FedbiomedException(ErrorCode.PLAN_FAILED, "the plan was ended: " + what);
    }

    private FedbiomedException died() throws InterruptedException {
        var why = ended;
        if (why != null) {
            return why;
        }
        if (!process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            WorkerProcess.kill(process);
            process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        int exit = process.isAlive() ? 0 : process.exitValue();
        log.line("the process ended by itself in the middle of a job, exit value " + exit);
        String how;
        if (exit == SIGNALLED + SIGKILL) {
            how = "was killed (signal 9), most likely because the machine ran out of memory; lower batch_size or the"
                    + " model's size";
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
        WorkerProcess.kill(process);
        reader.interrupt();
        boolean interrupted = Thread.interrupted();
        try {
            process.waitFor(EXIT_PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        log.close();
        WorkFolders.remove(folder);
    }
}
