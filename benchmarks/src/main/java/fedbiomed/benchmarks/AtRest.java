package fedbiomed.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How small the parties are while nothing happens, and how quick to start: real processes of the launcher, as a user starts them. */
final class AtRest {
    private static final double NANOS = 1e9;
    private static final double GIGA = 1e9;
    private static final double KIBI = 1024;
    private static final int REPETITIONS = 5;
    private static final long IDLE_MILLIS = 5_000;

    private final Path launcher;
    private final Path folder;

    /** @param launcher the {@code fedbiomed} of a built checkout */
    AtRest(Path launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    List<Measurement> run() throws IOException, InterruptedException {
        var measured = new ArrayList<Measurement>();
        try (var parties = new Parties(launcher, folder)) {
            measured.add(Measurement.within("fedbiomed --help", help(parties), "s", 0.4, "the goal"));
            var network = parties.startNetwork();
            parties.enrolNode("east");
            long start = System.nanoTime();
            var node = parties.startNode("east");
            double online = (System.nanoTime() - start) / NANOS;
            measured.add(Measurement.within("node start to online", online, "s", 2, "the goal"));
            Thread.sleep(IDLE_MILLIS);
            measured.add(Measurement.within("an idle node, resident", resident(node), "MiB", 120, "the goal (VmRSS)"));
            measured.add(Measurement.within(
                    "the idle Network, resident", resident(network), "MiB", 250, "the goal (VmRSS)"));
        }
        var installed = size(launcher.resolveSibling("cli").resolve("target/fedbiomed")) / GIGA;
        measured.add(Measurement.within("the installation, with the torch engine", installed, "GB", 0.5, "the goal"));
        return measured;
    }

    /** @return the median of a few, in seconds */
    private static double help(Parties parties) throws IOException, InterruptedException {
        var seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            parties.run("--help");
            seconds[i] = (System.nanoTime() - start) / NANOS;
        }
        Arrays.sort(seconds);
        return seconds[REPETITIONS / 2];
    }

    /** Of the process and its children, in MiB: the launcher may be a shell. */
    static double resident(Process process) {
        return sum(process, "VmRSS:");
    }

    /** A field of {@link #status} of the process and its children, in MiB. */
    static double sum(Process process, String field) {
        double kibibytes = status(process.pid(), field);
        for (var child : process.descendants().toList()) {
            double of = status(child.pid(), field);
            // a child that has just ended
            kibibytes += Double.isNaN(of) ? 0 : of;
        }
        return kibibytes / KIBI;
    }

    /** A line of Linux' {@code /proc/PID/status}, in KiB; NaN elsewhere. */
    static double status(long pid, String field) {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
                if (line.startsWith(field)) {
                    return Double.parseDouble(line.replaceAll("[^0-9]", ""));
                }
            }
        } catch (IOException _) {
            // another system, or it has ended, perhaps while it was read
        }
        return Double.NaN;
    }

    private static double size(Path folder) throws IOException {
        long bytes = 0;
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
