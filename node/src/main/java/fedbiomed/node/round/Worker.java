package fedbiomed.node.round;

import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerMain;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/**
 * One worker process, seen from the node. While a job runs, what it uses is watched ({@link WorkerWatch}); beyond a limit, or when {@link #end} is called, the process is killed, and the job fails with a reason that a person can act on.
 */
final class Worker implements AutoCloseable {
    /** Comes at most once a second. */
    private static final String PACE = "seconds_per_batch";

    private static final double BYTES_PER_MEGABYTE = 1e6;

    /** A worker's count is not believed beyond what it could have computed. */
    private static final long MOST_MISSED = 1L << 40;

    private final WorkerSettings settings;
    private final Path dataset;
    private final WorkerFolder folder;
    private final WorkerLog log;
    private final WorkerChild<WorkerReply> child;
    private volatile boolean broken;

    private Worker(WorkerSettings settings, Path dataset, WorkerFolder folder, Process process, WorkerLog log) {
        this.settings = settings;
        this.dataset = dataset;
        this.folder = folder;
        this.log = log;
        this.child = new WorkerChild<>(
                settings.sandbox(),
                folder,
                process,
                log,
                WorkerReply.class,
                new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "the plan was ended: what its process says can no longer be understood; a plan writes to"
                                + " System.out and System.err alone"));
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
            var process = starter.start(WorkerMain.class, folder, job.data(), torch);
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

    /** Whether a job on {@code data} may be given to it. */
    boolean usable(Path data) {
        return dataset.equals(data) && usable();
    }

    boolean usable() {
        return !broken && child.isQuiet();
    }

    /** Kills the process; a job that runs fails with {@code why}. */
    void end(FedbiomedException why) {
        child.end(why);
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
            var sizes = FileSizes.of(job.trainingArgs(), model == null ? 0 : Files.size(model));
            var limits = settings.limits();
            var watch = new WorkerWatch(
                    child.family(), folder, limits, limits.diskBytes() + sizes.trained() + sizes.state());
            var done = supervise(inside, scalars, watch);
            var output = job.output();
            if (output != null) {
                folder.bringOut(output, sizes);
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
        child.give(job);
        while (true) {
            switch (child.next()) {
                case WorkerChild.Event.Said<WorkerReply>(WorkerReply.Progress(var scalar)) -> {
                    scalars.add(scalar);
                    if (scalar.name().equals(PACE)) {
                        scalars.addOwn(memory(scalar, watch.residentBytes()));
                    }
                }
                case WorkerChild.Event.Said<WorkerReply>(WorkerReply.Done done) -> {
                    broken = false;
                    scalars.missed(Math.clamp(done.missedScalars(), 0, MOST_MISSED));
                    return done;
                }
                case WorkerChild.Event.Said<WorkerReply>(WorkerReply.Failed failed) -> {
                    // a plan that failed may have left threads and native memory behind: its process goes
                    broken = failed.code() == ErrorCode.INTERNAL || failed.code() == ErrorCode.PLAN_FAILED;
                    log.line("a job failed:\n" + failed.detail());
                    throw Workers.refusal(failed.code(), Text.shownLines(failed.text(), MAX_FAILURE_CHARS));
                }
                case WorkerChild.Event.Silence<WorkerReply>() -> throw died();
                case null -> scalars.flushIfDue();
            }
            var beyond = watch.look();
            if (beyond.isPresent()) {
                child.kill();
                throw new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "the plan was ended: " + beyond.get().text()
                                + remedy(beyond.get().limit()));
            }
        }
    }

    /** As large as it was looked at last, beside the other numbers of the same batch. */
    private static Scalar memory(Scalar beside, long bytes) {
        return new Scalar(
                beside.round(),
                beside.participant(),
                beside.phase(),
                "memory_mb",
                beside.iteration(),
                beside.total(),
                bytes / BYTES_PER_MEGABYTE);
    }

    private static String remedy(WorkerWatch.Limit limit) {
        return switch (limit) {
            case TIME -> "; let it do less (fewer epochs, num_updates), or ask the data manager for a higher limit";
            case MEMORY -> "; lower batch_size or the model's size, or ask the data manager for a higher limit";
            case THREADS -> ", and a plan needs none of its own";
            case PROCESSES -> ", which a plan may not";
            case CPU -> "; let it do less, or ask the data manager for a higher limit";
            case TABLES -> "; let it read fewer columns, or ask the data manager for a higher limit";
            case DISK -> "; a plan needs to write none";
        };
    }

    /** Of a failure's text: a compiler's first errors fit. */
    private static final int MAX_FAILURE_CHARS = 3000;

    private FedbiomedException died() throws InterruptedException {
        var why = child.ended();
        if (why != null) {
            return why;
        }
        var death = child.death();
        var remedy = switch (death.ending()) {
            case KILLED -> "; lower batch_size or the model's size";
            case CRASHED -> "";
            case EXITED -> "; a plan must not call System.exit";
        };
        return new FedbiomedException(
                ErrorCode.PLAN_FAILED,
                "the process that ran the plan " + death.text() + remedy
                        + ". The node's log of the worker has the rest");
    }

    @Override
    public void close() {
        child.close();
    }
}
