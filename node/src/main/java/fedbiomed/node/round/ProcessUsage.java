package fedbiomed.node.round;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a process and all that descend from it hold at present (Linux: /proc). Of a sandboxed worker the first is
 * bubblewrap, which holds next to nothing.
 *
 * @param javas processes that run a program other than bubblewrap
 * @param residentBytes physical memory of its own, and what is shared as memory; not the pages of files that it has
 *     mapped, which the kernel takes back when it needs them (a table that is larger than the memory, libraries)
 * @param cpuMillis time on a CPU since the start
 */
record ProcessUsage(int javas, long residentBytes, int threads, long cpuMillis) {
    static final ProcessUsage NONE = new ProcessUsage(0, 0, 0, 0);

    /** Linux counts CPU time in hundredths of a second for all programs (USER_HZ), whatever its own clock. */
    private static final long MILLIS_PER_TICK = 10;

    private static final int USER_TICKS_FIELD = 11;

    /** Of all of a family that live. */
    static ProcessUsage of(List<ProcessHandle> family) {
        return family.stream()
                .map(one -> one(one.pid()))
                .flatMap(Optional::stream)
                .reduce(NONE, ProcessUsage::plus);
    }

    private ProcessUsage plus(ProcessUsage other) {
        return new ProcessUsage(
                javas + other.javas,
                residentBytes + other.residentBytes,
                threads + other.threads,
                cpuMillis + other.cpuMillis);
    }

    private static Optional<ProcessUsage> one(long pid) {
        var folder = Path.of("/proc", String.valueOf(pid));
        try {
            var status = Files.readAllLines(folder.resolve("status"));
            var stat = Files.readString(folder.resolve("stat"));
            // the name, in brackets, may hold anything
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            long ticks = Long.parseLong(fields[USER_TICKS_FIELD]) + Long.parseLong(fields[USER_TICKS_FIELD + 1]);
            return Optional.of(new ProcessUsage(
                    stat.contains("(bwrap)") ? 0 : 1,
                    (number(status, "RssAnon:") + number(status, "RssShmem:")) << 10,
                    (int) number(status, "Threads:"),
                    ticks * MILLIS_PER_TICK));
        } catch (IOException | RuntimeException _) {
            // it has just ended, or this is no Linux
            return Optional.empty();
        }
    }

    private static long number(Iterable<String> lines, String key) {
        for (var line : lines) {
            if (line.startsWith(key)) {
                return Arrays.stream(line.substring(key.length()).strip().split("\\s+"))
                        .findFirst()
                        .map(Long::parseLong)
                        .orElse(0L);
            }
        }
        return 0;
    }
}
