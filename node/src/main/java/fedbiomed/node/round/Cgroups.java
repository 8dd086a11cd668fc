package fedbiomed.node.round;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The part of the machine's control group tree (cgroup v2, {@code Documentation/admin-guide/cgroup-v2.rst} of the kernel)
 * in which this node may make groups: then each worker has one, and the kernel itself keeps its memory and its number of
 * threads. That is so where a service manager delegates ({@code Delegate=memory pids} of systemd). Everywhere the
 * {@link WorkerWatch} looks besides.
 */
public final class Cgroups {
    private static final Path TREE = Path.of("/sys/fs/cgroup");
    private static final Path OWN = Path.of("/proc/self/cgroup");
    private static final String UNIFIED = "0::";
    private static final List<String> CONTROLLERS = List.of("memory", "pids");

    /** Holds the node itself: a group that hands controllers on may hold no process (but the root's). */
    private static final String NODE = "node";

    private final Path folder;

    private Cgroups(Path folder) {
        this.folder = folder;
    }

    /** Why no groups can be made for workers here, and what to do; empty if they can. Changes nothing. */
    public static Optional<String> obstacle() {
        return obstacle(TREE, OWN, ProcessHandle.current().pid());
    }

    static Optional<String> obstacle(Path tree, Path own, long self) {
        try {
            look(tree, own, self);
            return Optional.empty();
        } catch (FedbiomedException e) {
            return Optional.of(e.text());
        }
    }

    /**
     * Moves this process into a group of its own, so that others can be made beside it.
     *
     * @throws FedbiomedException {@code POLICY} with the reason where that is not possible
     */
    static Cgroups open() {
        return open(TREE, OWN, ProcessHandle.current().pid());
    }

    static Cgroups open(Path tree, Path own, long self) {
        var folder = look(tree, own, self);
        try {
            var node = folder.resolve(NODE);
            Files.createDirectories(node);
            Files.writeString(node.resolve("cgroup.procs"), String.valueOf(self));
            for (var controller : CONTROLLERS) {
                Files.writeString(folder.resolve("cgroup.subtree_control"), "+" + controller);
            }
            return new Cgroups(folder);
        } catch (IOException e) {
            throw unavailable("the kernel does not let this node divide its control group (" + e + ")");
        }
    }

    /** @return the group under which others can be made */
    private static Path look(Path tree, Path own, long self) {
        try {
            if (!Files.exists(tree.resolve("cgroup.controllers"))) {
                throw unavailable("this machine has no unified control groups (cgroup v2) at " + tree);
            }
            var path = Files.readAllLines(own).stream()
                    .filter(line -> line.startsWith(UNIFIED))
                    .map(line -> line.substring(UNIFIED.length()))
                    .findFirst()
                    .orElseThrow(() -> unavailable("this process is in no unified control group (cgroup v2)"));
            var group = tree.resolve(path.substring(1)).normalize();
            // DelegateSubgroup= of systemd, or an earlier look, has put us there
            var folder = group.endsWith(NODE) && Files.isWritable(group.resolveSibling("cgroup.subtree_control"))
                    ? group.resolveSibling("").normalize()
                    : group;
            var controllers = words(folder.resolve("cgroup.controllers"));
            if (!controllers.containsAll(CONTROLLERS)) {
                throw unavailable(
                        "its control group " + folder + " has the controllers " + controllers + ", not " + CONTROLLERS);
            }
            if (!Files.isWritable(folder) || !Files.isWritable(folder.resolve("cgroup.subtree_control"))) {
                throw unavailable("this user may make no groups in " + folder);
            }
            if (!words(folder.resolve("cgroup.procs")).stream().allMatch(pid -> pid.equals(String.valueOf(self)))) {
                throw unavailable("other processes share its control group " + folder);
            }
            return folder;
        } catch (IOException e) {
            throw unavailable("its control group cannot be read (" + e + ")");
        }
    }

    private static List<String> words(Path file) throws IOException {
        return Arrays.stream(Files.readString(file).split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static FedbiomedException unavailable(String why) {
        return new FedbiomedException(
                ErrorCode.POLICY,
                why + "; a node that is a service of its own with 'Delegate=memory pids' (systemd) has groups");
    }

    /**
     * A group for one worker, with its limits set. Groups whose workers have ended are removed.
     *
     * @param worker the worker's folder, which is there for as long as the worker
     */
    Path create(Path worker, WorkerLimits limits) throws IOException {
        removeEnded(worker);
        var group = Files.createDirectory(folder.resolve(String.valueOf(worker.getFileName())));
        Files.writeString(group.resolve("memory.max"), String.valueOf(limits.memoryBytes()));
        if (Files.exists(group.resolve("memory.swap.max"))) {
            Files.writeString(group.resolve("memory.swap.max"), "0");
        }
        Files.writeString(group.resolve("pids.max"), String.valueOf(limits.allThreads() + STARTERS));
        return group;
    }

    /** The shell and bubblewrap's two processes, with room to spare. */
    private static final int STARTERS = 8;

    /** A group that is empty may be one that its worker has not entered yet: what counts is whether its folder is there. */
    private void removeEnded(Path worker) throws IOException {
        try (var groups = Files.newDirectoryStream(folder, WorkerProcess.WORKER_PREFIX + "*")) {
            for (var group : groups) {
                if (Files.exists(worker.resolveSibling(String.valueOf(group.getFileName())))) {
                    continue;
                }
                try {
                    Files.delete(group);
                } catch (IOException _) {
                    // its worker lives: the kernel removes no group that holds a process
                }
            }
        }
    }
}
