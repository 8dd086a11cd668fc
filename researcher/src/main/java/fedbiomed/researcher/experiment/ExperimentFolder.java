package fedbiomed.researcher.experiment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * An experiment on disk: {@code experiment.yaml}, {@code plan/}, {@code rounds/0007/}, {@code statistics.json},
 * {@code metrics.jsonl}, {@code tensorboard/}, {@code report.html}. Whatever dies, it holds whole rounds, and at most one {@code
 * rounds/0008.part} with the answers that had come. Folders are the owner's alone: models can tell of patients.
 */
public final class ExperimentFolder {
    public static final String ARGUMENTS = "experiment.yaml";
    /** Of the folder: 2 since experiments have an origin and may stop early. Earlier ones are read. */
    static final int FORMAT = 2;

    public static final String GLOBAL = "global.safetensors";

    /** Longer than an evaluation or a review takes. */
    private static final Duration SEALED_LEFT_AFTER = Duration.ofDays(1);

    private static final Pattern FINISHED = Pattern.compile("[0-9]{4,9}");

    private final Path root;

    private ExperimentFolder(Path root) {
        this.root = root;
    }

    /**
     * @param planFile the plan's, beside which its attachments lie
     * @param contents puts in what it is to begin with; if the program dies meanwhile, there is no experiment
     * @throws FedbiomedException if there is something at {@code root} already, or an attachment was changed just now
     */
    static ExperimentFolder create(
            Path root, ExperimentFile arguments, PlanSource plan, Path planFile, Consumer<ExperimentFolder> contents) {
        try {
            if (Files.exists(root.resolve(ARGUMENTS))) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        root + " holds an experiment already; go on with it by 'fedbiomed run --resume " + root
                                + "', or choose another --folder");
            }
            AtomicFiles.createOwnerOnlyFolder(root);
            var folder = new ExperimentFolder(root);
            AtomicFiles.createOwnerOnlyFolder(folder.planFolder());
            AtomicFiles.createOwnerOnlyFolder(folder.rounds());
            AtomicFiles.write(
                    folder.planFile(plan.className()), plan.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            for (var attachment : plan.attachments()) {
                folder.keep(planFile.resolveSibling(attachment.name()), attachment);
            }
            contents.accept(folder);
            // last: with it the folder is an experiment
            folder.writeArguments(arguments);
            return folder;
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot make the experiment's folder " + root + " ("
                            + e.getClass().getSimpleName() + "); choose another one with --folder",
                    e);
        }
    }

    private void keep(Path file, Attachment attachment) throws IOException {
        var kept = attachment(attachment);
        Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
        if (!Attachment.of(kept).equals(attachment)) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID, "the plan's attachment " + file + " was changed just now; begin again");
        }
    }

    /** @throws FedbiomedException if there is no experiment at {@code root} */
    public static ExperimentFolder open(Path root) {
        if (!Files.isRegularFile(root.resolve(ARGUMENTS))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    root + " is no experiment's folder: it has no " + ARGUMENTS + "; look at its path");
        }
        return new ExperimentFolder(root);
    }

    /** What was written down of the rounds until {@code round}; the rounds themselves are not among it. */
    void copyRecords(ExperimentFolder target, int round) {
        try {
            if (Files.exists(statistics())) {
                AtomicFiles.copyOwnerOnly(statistics(), target.statistics());
            }
            if (Files.exists(metrics())) {
                MetricsLog.copy(metrics(), target.metrics(), round);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the records of " + root, e);
        }
    }

    void writeArguments(ExperimentFile arguments) {
        try {
            AtomicFiles.write(root.resolve(ARGUMENTS), ExperimentYaml.write(arguments));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + root.resolve(ARGUMENTS), e);
        }
    }

    public Path root() {
        return root;
    }

    Path planFile(String className) {
        return planFolder().resolve(className + ".java");
    }

    Path planFolder() {
        return root.resolve("plan");
    }

    Path attachment(Attachment attachment) {
        return planFolder().resolve(attachment.name());
    }

    Path rounds() {
        return root.resolve("rounds");
    }

    Path statistics() {
        return root.resolve("statistics.json");
    }

    Path metrics() {
        return root.resolve("metrics.jsonl");
    }

    Path tensorBoard() {
        return root.resolve("tensorboard");
    }

    public Path report() {
        return root.resolve("report.html");
    }

    /** A place for the sealed copy of something that is published for a while; what killed programs left there goes. */
    Path newSealed() {
        var folder = root.resolve("sealed");
        try {
            AtomicFiles.createOwnerOnlyFolder(folder);
            var old = FileTime.from(Instant.now().minus(SEALED_LEFT_AFTER));
            try (var files = Files.list(folder)) {
                for (var file : files.toList()) {
                    if (Files.getLastModifiedTime(file).compareTo(old) < 0) {
                        Files.deleteIfExists(file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
        return folder.resolve(UUID.randomUUID() + ".sealed");
    }

    static String roundName(int round) {
        return "%04d".formatted(round);
    }

    RoundFolder round(int round) {
        return new RoundFolder(rounds().resolve(roundName(round)));
    }

    RoundFolder partialRound(int round) {
        return new RoundFolder(rounds().resolve(roundName(round) + ".part"));
    }

    /** -1 before the initial model is there (round 0). */
    public int lastFinishedRound() {
        try (var entries = Files.list(rounds())) {
            // the newest first: of a thousand rounds one is looked into
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> FINISHED.matcher(name).matches())
                    .map(Integer::parseInt)
                    .sorted(Comparator.reverseOrder())
                    .filter(round -> Files.exists(model(round)))
                    .findFirst()
                    .orElse(-1);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + rounds(), e);
        }
    }

    /** What became of each participant in the round that was begun last and was given up; empty if there is none. */
    List<ParticipantOutcome> brokenRound() {
        var partial = partialRound(lastFinishedRound() + 1);
        return Files.exists(partial.path().resolve("replies.json")) ? partial.replies() : List.of();
    }

    /** The global model's file after a finished round. */
    public Path model(int round) {
        return round(round).global();
    }

    /** Makes a partial round a finished one, in one step. */
    RoundFolder finish(int round) {
        var done = rounds().resolve(roundName(round));
        try {
            AtomicFiles.syncFolder(partialRound(round).path());
            Files.move(partialRound(round).path(), done, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            AtomicFiles.syncFolder(rounds());
            return new RoundFolder(done);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot finish round " + round + " in " + rounds() + " ("
                            + e.getClass().getSimpleName() + "); look at the disk, then resume",
                    e);
        }
    }

    /**
     * Keeps other processes from running this experiment.
     *
     * @return ends it
     * @throws FedbiomedException if another one does
     */
    Lock lock() {
        try {
            var channel = FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return new Lock(channel);
                }
            } catch (OverlappingFileLockException e) {
                // by another object of this JVM
            }
            channel.close();
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    "the experiment in " + root + " is being run by another process; wait for it, or stop it first");
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot lock " + root + " (" + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    /** The lock of a running experiment; it goes with the process too. */
    record Lock(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot unlock", e);
            }
        }
    }
}
