package fedbiomed.node.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How much memory there is for more work before something has to be swapped or killed (Linux): what the kernel estimates
 * for the machine ({@code MemAvailable}), or what is left of the limit of this process's control group (version 2; a
 * container's, a service's) or of one that holds it, whichever is least.
 */
final class MachineMemory {
    private static final String NO_LIMIT = "max";

    private MachineMemory() {}

    /** {@link Long#MAX_VALUE} where nothing is known, as on another system. */
    static long availableBytes() {
        return availableBytes(Path.of("/"));
    }

    /** @param root where {@code proc} and {@code sys} are */
    static long availableBytes(Path root) {
        return Math.min(machine(root.resolve("proc/meminfo")), group(root));
    }

    private static long machine(Path meminfo) {
        try {
            return number(Files.readAllLines(meminfo), "MemAvailable:") << 10;
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    /** Files that are only cached are given up by the kernel when their memory is needed. */
    private static long group(Path root) {
        try {
            var own = Files.readAllLines(root.resolve("proc/self/cgroup")).stream()
                    .filter(line -> line.startsWith("0::/"))
                    .map(line -> line.substring("0::/".length()))
                    .findFirst();
            if (own.isEmpty()) {
                return Long.MAX_VALUE;
            }
            var tree = root.resolve("sys/fs/cgroup");
            long least = Long.MAX_VALUE;
            for (var folder = tree.resolve(own.get());
                    folder != null && folder.startsWith(tree);
                    folder = folder.getParent()) {
                least = Math.min(least, left(folder));
            }
            return least;
        } catch (IOException _) {
            return Long.MAX_VALUE;
        }
    }

    private static long left(Path folder) {
        try {
            var limit = Files.readString(folder.resolve("memory.max")).strip();
            if (limit.equals(NO_LIMIT)) {
                return Long.MAX_VALUE;
            }
            long used = Long.parseLong(
                    Files.readString(folder.resolve("memory.current")).strip());
            long cached = number(Files.readAllLines(folder.resolve("memory.stat")), "inactive_file");
            return Math.max(0, Long.parseLong(limit) - used + cached);
        } catch (IOException | NumberFormatException _) {
            return Long.MAX_VALUE;
        }
    }

    /** The number after {@code key} in its line. */
    private static long number(List<String> lines, String key) {
        for (var line : lines) {
            var words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals(key)) {
                return Long.parseLong(words[1]);
            }
        }
        throw new NumberFormatException("no " + key);
    }
}
