package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.simulation.split.TableSplit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many rounds: what the researcher (and the nodes, which share its JVM) has in memory, what a round reads and writes, and
 * how many files there are beside the finished rounds does not grow with their number.
 */
class LongRunTest {
    private static final int ROWS_EACH = 12;
    private static final long MEBIBYTE = 1 << 20;

    /** The kernel's count of what this process has read and written; Linux alone has it. */
    private static final Path PROCESS_IO = Path.of("/proc/self/io");

    @TempDir
    Path folder;

    /** A round's end. */
    private record Seen(long nanos, long readBytes, long writtenBytes) {}

    /** After {@link System#gc}, which is slow, so only twice. */
    private record Held(long heapBytes, long roundsFiles, long otherFiles, long roundsBytes) {}

    private final class Watch implements ExperimentListener {
        private final int early;
        private final int late;
        private final Path experiment;
        private final List<Seen> seen = new ArrayList<>();
        private final Map<Integer, Held> held = new HashMap<>();

        private Watch(int early, int late, Path experiment) {
            this.early = early;
            this.late = late;
            this.experiment = experiment;
        }

        @Override
        public void roundFinished(RoundSummary summary) {
            if (summary.round() == early || summary.round() == late) {
                held.put(summary.round(), held(summary.round()));
            }
            seen.add(seen());
        }

        private Held held(int round) {
            var finished = experiment.resolve("rounds/%04d".formatted(round));
            return new Held(
                    heap(),
                    files(finished),
                    files(folder) - files(experiment.resolve("rounds")),
                    bytes(finished, "history.json") + bytes(finished, "replies.json"));
        }
    }

    private static Seen seen() {
        var counts = new HashMap<String, Long>();
        try {
            if (Files.exists(PROCESS_IO)) {
                for (var line : Files.readAllLines(PROCESS_IO)) {
                    var parts = line.split(": ");
                    counts.put(parts[0], Long.parseLong(parts[1]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Seen(System.nanoTime(), counts.getOrDefault("rchar", 0L), counts.getOrDefault("wchar", 0L));
    }

    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long files(Path root) {
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(Path root, String name) {
        return root.resolve(name).toFile().length();
    }

    @Test
    void fortyRoundsOfTenNodes() throws IOException {
        run(40, 10, 4 * MEBIBYTE);
    }

    @Test
    @Tag("campaign")
    void aThousandRoundsOfAHundredNodesTakeNoLongerAtTheEnd() throws IOException {
        int rounds = Integer.getInteger("fedbiomed.test.longRounds", 1000);
        var times = run(rounds, 100, 16 * MEBIBYTE);
        assertThat(times.late())
                .as("median time of a late round beside an early one")
                .isLessThan(2 * times.early());
    }

    private record Times(double early, double late) {}

    private Times run(int rounds, int nodes, long heapBound) throws IOException {
        int early = rounds / 4;
        var experimentFolder = folder.resolve("experiment");
        var watch = new Watch(early, rounds, experimentFolder);
        var table = Sick.table(folder.resolve("sick.csv"), nodes * ROWS_EACH, 5);
        long end;
        try (var federation =
                SimulatedFederation.builder(folder.resolve("simulation")).open()) {
            federation.addNodes(TableSplit.of(table, nodes), "sick");
            Sick.experiment(federation, Sick.plan(folder), experimentFolder)
                    .rounds(rounds)
                    .listener(watch)
                    .build()
                    .run();
            end = System.nanoTime();
        }
        var before = Objects.requireNonNull(watch.held.get(early));
        var after = Objects.requireNonNull(watch.held.get(rounds));
        var times = new Times(median(watch.seen, 1, early), median(watch.seen, rounds - early, rounds - 1));
        System.out.printf(
                "%d rounds of %d nodes: a round %.0f ms in the first quarter, %.0f ms in the last; %.1f MiB in use after"
                        + " round %d, %.1f MiB after round %d; read %d and %d kB, written %d and %d kB a round; report"
                        + " and final look %.1f s%n",
                rounds,
                nodes,
                times.early() / 1e6,
                times.late() / 1e6,
                before.heapBytes() / (double) MEBIBYTE,
                early,
                after.heapBytes() / (double) MEBIBYTE,
                rounds,
                medianBytes(watch.seen, true, 1, early) / 1000,
                medianBytes(watch.seen, true, rounds - early, rounds - 1) / 1000,
                medianBytes(watch.seen, false, 1, early) / 1000,
                medianBytes(watch.seen, false, rounds - early, rounds - 1) / 1000,
                (end - watch.seen.getLast().nanos()) / 1e9);

        assertThat(after.heapBytes() - before.heapBytes())
                .as("bytes of heap that grew")
                .isLessThan(heapBound);
        assertThat(after.roundsFiles()).as("files of a finished round").isEqualTo(before.roundsFiles());
        assertThat(after.otherFiles()).as("files beside the rounds").isEqualTo(before.otherFiles());
        // counts have more digits later
        assertThat(after.roundsBytes()).as("bytes of replies and histories").isLessThan(before.roundsBytes() * 11 / 10);
        for (boolean read : new boolean[] {true, false}) {
            assertThat(medianBytes(watch.seen, read, rounds - early, rounds - 1))
                    .as(read ? "bytes read in a late round" : "bytes written in a late round")
                    .isLessThanOrEqualTo(medianBytes(watch.seen, read, 1, early) * 11 / 10);
        }
        return times;
    }

    /** Of the rounds from {@code from} on, but the one that ends with {@link #heap}. */
    private static double median(List<Seen> seen, int from, int to) {
        var times = new double[to - from - 1];
        for (int i = 0; i < times.length; i++) {
            times[i] = seen.get(from + i).nanos() - seen.get(from + i - 1).nanos();
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private static long medianBytes(List<Seen> seen, boolean read, int from, int to) {
        var bytes = new long[to - from - 1];
        for (int i = 0; i < bytes.length; i++) {
            var now = seen.get(from + i);
            var last = seen.get(from + i - 1);
            bytes[i] = read ? now.readBytes() - last.readBytes() : now.writtenBytes() - last.writtenBytes();
        }
        Arrays.sort(bytes);
        return bytes[bytes.length / 2];
    }
}
