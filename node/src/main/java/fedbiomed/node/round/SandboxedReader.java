package fedbiomed.node.round;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.registry.ContentReader;
import fedbiomed.training.worker.DescriptionMain;
import fedbiomed.training.worker.DescriptionReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what only native code can decode in a process of its own, shut in as plans are; all else in this one. A file
 * that crashes that code, or takes it over, has that process and what it says, which is checked.
 */
public final class SandboxedReader implements ContentReader, AutoCloseable {
    private static final int MAX_FAILURE_CHARS = 3000;

    private final WorkerSettings settings;
    private final Clock clock;
    private final WorkerStarter starter;
    private final Set<WorkerChild<DescriptionReply>> living = new HashSet<>();
    private boolean closed;

    /** @param settings the folder of work folders may be other processes', too */
    public SandboxedReader(WorkerSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.starter = WorkerStarter.withoutGroups(settings);
    }

    @Override
    public DatasetContent read(StoredDataset data, ReadProgress progress) {
        // what needs no look into the files is told without a process
        if (!DatasetKinds.checked(data).runsNativeCode()) {
            return DatasetKinds.describe(data, progress);
        }
        try (var child = start(data)) {
            try {
                return supervise(child, data, progress);
            } finally {
                left(child.process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the reading was cancelled", e);
        }
    }

    /** A process, and where it writes. */
    private record Reading(WorkerChild<DescriptionReply> process, WorkerFolder folder, WorkerLog log, String logFile)
            implements AutoCloseable {
        @Override
        public void close() {
            process.close();
        }
    }

    private Reading start(StoredDataset data) {
        try {
            Files.createDirectories(settings.logs());
            Files.createDirectories(settings.cache());
            var folder = OwnedFolders.create(settings.work());
            var name = "reading-" + folder.root().getFileName();
            var log = WorkerLog.create(settings.logs(), name, clock);
            try {
                var process = new WorkerChild<>(
                        settings.sandbox(),
                        folder,
                        starter.start(DescriptionMain.class, folder, data, false),
                        log,
                        DescriptionReply.class,
                        unfit(data, "the process that read it said what cannot be understood" + suspicion(name)));
                var reading = new Reading(process, folder, log, name);
                begun(reading);
                return reading;
            } catch (RuntimeException | IOException e) {
                log.close();
                folder.remove();
                throw e;
            }
        } catch (FedbiomedException e) {
            throw e.code() == ErrorCode.POLICY
                    ? new FedbiomedException(
                            e.code(),
                            "a dataset of kind '" + data.kind()
                                    + "' is decoded by native code, which has the sandbox that" + " plans have; "
                                    + e.text(),
                            e)
                    : e;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the process that reads a dataset", e);
        }
    }

    private synchronized void begun(Reading reading) {
        if (closed) {
            reading.close();
            throw stopping();
        }
        living.add(reading.process);
    }

    private synchronized void left(WorkerChild<DescriptionReply> process) {
        living.remove(process);
    }

    private DatasetContent supervise(Reading reading, StoredDataset data, ReadProgress progress)
            throws InterruptedException {
        var process = reading.process;
        var limits = settings.limits();
        var watch = new WorkerWatch(process.family(), reading.folder, limits, limits.diskBytes());
        process.give(data);
        while (true) {
            switch (process.next()) {
                case WorkerChild.Event.Said<DescriptionReply>(DescriptionReply.Progress(var done, var samples)) -> {
                    if (done >= 0 && done <= samples) {
                        progress.read(done, samples);
                    }
                }
                case WorkerChild.Event.Said<DescriptionReply>(DescriptionReply.Done(var content)) -> {
                    var problem = SoundContent.problem(content, data);
                    if (problem.isPresent()) {
                        throw unfit(
                                data,
                                "the process that read it answered " + problem.get() + suspicion(reading.logFile));
                    }
                    return content;
                }
                case WorkerChild.Event.Said<DescriptionReply>(DescriptionReply.Failed failed) -> {
                    reading.log.line("reading failed:\n" + failed.detail());
                    throw new FedbiomedException(
                            BELIEVED.contains(failed.code()) ? failed.code() : ErrorCode.DATA_UNFIT,
                            Text.shownLines(failed.text(), MAX_FAILURE_CHARS));
                }
                case WorkerChild.Event.Silence<DescriptionReply>() -> throw died(reading, data);
                case null -> {
                    // it is at work
                }
            }
            var beyond = watch.look();
            if (beyond.isPresent()) {
                process.kill();
                throw unfit(
                        data,
                        "the process that read it was ended: " + beyond.get().text()
                                + "; if such a file is to be expected, raise that limit in the node's config.yaml");
            }
        }
    }

    /** What the reading of a dataset may fail with. */
    private static final List<ErrorCode> BELIEVED =
            List.of(ErrorCode.DATA_UNFIT, ErrorCode.UNSUPPORTED, ErrorCode.DATASET_CHANGED);

    private FedbiomedException died(Reading reading, StoredDataset data) throws InterruptedException {
        var why = reading.process.ended();
        if (why != null) {
            return why;
        }
        var death = reading.process.death();
        return unfit(
                data,
                "the process that read it " + death.text()
                        + (death.ending() == WorkerChild.Ending.KILLED
                                ? "; split it, or let the machine have more memory to give" + log(reading.logFile)
                                : suspicion(reading.logFile)));
    }

    private static String suspicion(String logFile) {
        return ". It may be damaged, or made to harm: compare it with the original, or write it again" + log(logFile);
    }

    private static String log(String file) {
        return ". The home's logs/" + file + ".log has the rest";
    }

    private static FedbiomedException unfit(StoredDataset data, String what) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT, Text.shown(String.valueOf(data.path().getFileName())) + ": " + what);
    }

    private static FedbiomedException stopping() {
        return new FedbiomedException(ErrorCode.CANCELLED, "the node is stopping");
    }

    /** Ends what is being read. */
    @Override
    public void close() {
        List<WorkerChild<DescriptionReply>> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(living);
        }
        all.forEach(process -> process.end(stopping()));
        starter.close();
    }
}
