package fedbiomed.node.round;

import fedbiomed.training.NodeState;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A worker's folder: {@code in}, which it reads, {@code work}, which it may write, {@code tables}, where it keeps a table
 * that does not fit into memory from job to job, {@code natives}, where the libraries
 * that were unpacked before it started appear. What comes out of {@code work} is a stranger's: no link in it is followed,
 * and it is copied before it is looked at, since a thread of the plan may still hold the file open.
 */
final class WorkerFolder {
    private static final String TRAINED = "trained.safetensors";
    private static final String MODEL = "global.safetensors";

    /** More files than this nobody needs, and counting them would take long. */
    private static final int MAX_FILES = 1000;

    private final Path root;
    private final Path in;
    private final Path work;
    private final Path tables;
    private final Path natives;

    private WorkerFolder(Path root) {
        this.root = root;
        this.in = root.resolve("in");
        this.work = root.resolve("work");
        this.tables = root.resolve("tables");
        this.natives = root.resolve("natives");
    }

    static WorkerFolder create(Path parent) {
        var folder = new WorkerFolder(WorkFolders.create(parent, WorkerProcess.WORKER_PREFIX));
        try {
            Files.createDirectory(folder.in);
            Files.createDirectory(folder.work);
            Files.createDirectory(folder.tables);
            Files.createDirectory(folder.natives);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a worker's folder in " + parent, e);
        }
    }

    Path root() {
        return root;
    }

    /** Read by the worker. */
    Path in() {
        return in;
    }

    /** The worker's working folder, also for temporary files. */
    Path work() {
        return work;
    }

    /** Where a table lies that does not fit into the worker's memory. */
    Path tables() {
        return tables;
    }

    Path natives() {
        return natives;
    }

    /** Gives the job's files to the worker, and names them as it sees them. */
    WorkerJob bringIn(WorkerJob job) {
        try {
            // a folder of their own, so that an attachment cannot take another file's place
            var plan =
                    Files.createDirectory(in.resolve("plan")).resolve(job.plan().getFileName());
            try (var files = Files.newDirectoryStream(job.plan().resolveSibling("."), Files::isRegularFile)) {
                for (var file : files) {
                    link(file, plan.resolveSibling(file.getFileName()));
                }
            }
            var model = job.parameters();
            Path incoming = null;
            if (model != null) {
                incoming = in.resolve(MODEL);
                link(model, incoming);
                if (Files.exists(NodeState.before(model))) {
                    link(NodeState.before(model), NodeState.before(incoming));
                }
            }
            return job.with(plan, incoming, job.output() == null ? null : work.resolve(TRAINED));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give a job's files to its worker", e);
        }
    }

    /** No second copy of a large model: the worker sees {@code in} read-only. */
    private static void link(Path file, Path link) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException _) {
            Files.copy(file, link);
        }
    }

    /**
     * Takes the trained model out, to {@code target}, and beside it what stays at the node, where there is something.
     *
     * @throws FedbiomedException if there is no model, or something else than a file in the place of either, or one has
     *     more than it may
     */
    void bringOut(Path target, FileSizes sizes) {
        var trained = work.resolve(TRAINED);
        if (!Files.exists(trained, LinkOption.NOFOLLOW_LINKS)) {
            throw refused("it left no trained model");
        }
        takeOut(trained, target, "trained model", sizes.trained());
        var state = NodeState.after(trained);
        if (Files.exists(state, LinkOption.NOFOLLOW_LINKS)) {
            takeOut(state, NodeState.after(target), "node state", sizes.state());
        }
    }

    private void takeOut(Path file, Path target, String what, long maxBytes) {
        var moved = root.resolve("out");
        try {
            // out of the worker's reach by name, then out of its reach altogether
            Files.move(file, moved, StandardCopyOption.ATOMIC_MOVE);
            var attributes = Files.readAttributes(moved, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw refused("it left something else than a file as its " + what);
            }
            if (attributes.size() > maxBytes) {
                throw refused(
                        "its " + what + " is larger than the incoming model by far; a model must keep its structure");
            }
            Files.copy(moved, target, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot take a " + what + " out of a worker's folder", e);
        } finally {
            WorkFolders.remove(moved);
        }
    }

    private static FedbiomedException refused(String why) {
        return new FedbiomedException(ErrorCode.PLAN_FAILED, "the plan's result was refused: " + why);
    }

    /** Empties {@code in} and {@code work}: a job finds nothing of the one before. */
    void clear() {
        WorkFolders.removeContents(in);
        WorkFolders.removeContents(work);
    }

    /** Bytes that the worker has written and that are still there; {@link Long#MAX_VALUE} beyond 1000 files. */
    long writtenBytes() {
        return bytes(work, natives);
    }

    /** As {@link #writtenBytes}, of {@link #tables}. */
    long tableBytes() {
        return bytes(tables);
    }

    private static long bytes(Path... folders) {
        var sum = new Sum();
        try {
            for (var folder : folders) {
                Files.walkFileTree(folder, sum);
            }
        } catch (IOException _) {
            // a file came or went in the meantime: what was counted counts
        }
        return sum.files > MAX_FILES ? Long.MAX_VALUE : sum.bytes;
    }

    private static final class Sum extends SimpleFileVisitor<Path> {
        private long bytes;
        private int files;

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return ++files > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.size();
            return ++files > MAX_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }

    void remove() {
        WorkFolders.remove(root);
    }
}
