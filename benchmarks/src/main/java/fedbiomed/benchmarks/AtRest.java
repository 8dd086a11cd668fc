package fedbiomed.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How small the parties are while nothing happens, and how quick to start: real processes of the launcher, as a user starts them. */
final class AtRest {
    private static final double NANOS = 1e9;
    private static final int REPETITIONS = 5;
    private static final long PATIENCE_SECONDS = 60;
    private static final long IDLE_MILLIS = 5_000;

    private final Path launcher;
    private final Path folder;
    private final List<Process> started = new ArrayList<>();

    /** @param launcher the {@code fedbiomed} of a built checkout */
    AtRest(Path launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    List<Measurement> run() throws IOException, InterruptedException {
        var measured = new ArrayList<Measurement>();
        try {
            measured.add(Measurement.within("fedbiomed --help", median(this::help), "s", 0.4, "the goal"));
            fedbiomed("network", "init", "--bind", "127.0.0.1", "--mqtt-port", "0", "--store-port", "0");
            var network = start("network", "Network ready", "network", "start");
            var token = fedbiomed("network", "invite", "node", "east")
                    .strip()
                    .lines()
                    .reduce((_, last) -> last);
            fedbiomed(
                    "node",
                    "init",
                    "--home",
                    "east",
                    "--invite=" + token.orElseThrow().strip());
            long start = System.nanoTime();
            var node = start("east", "is connected", "node", "start", "--home", "east");
            measured.add(Measurement.within(
                    "node start to online", (System.nanoTime() - start) / NANOS, "s", 2, "the goal"));
            Thread.sleep(IDLE_MILLIS);
            measured.add(Measurement.within("an idle node, resident", resident(node), "MiB", 120, "the goal (VmRSS)"));
            measured.add(Measurement.within(
                    "the idle Network, resident", resident(network), "MiB", 250, "the goal (VmRSS)"));
            measured.add(Measurement.within(
                    "the installation, with the torch engine",
                    size(launcher.resolveSibling("cli/target/fedbiomed/lib")) / 1e9,
                    "GB",
                    0.5,
                    "the goal"));
        } finally {
            for (var process : started.reversed()) {
                process.destroy();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            }
        }
        return measured;
    }

    private interface Timed {
        void run() throws IOException, InterruptedException;
    }

    private static double median(Timed what) throws IOException, InterruptedException {
        var seconds = new double[REPETITIONS];
        for (int i = 0; i < REPETITIONS; i++) {
            long start = System.nanoTime();
            what.run();
            seconds[i] = (System.nanoTime() - start) / NANOS;
        }
        Arrays.sort(seconds);
        return seconds[REPETITIONS / 2];
    }

    private void help() throws IOException, InterruptedException {
        fedbiomed("--help");
    }

    private ProcessBuilder builder(String... arguments) {
        var command = new ArrayList<String>();
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("FEDBIOMED_NO_BUILD", "1");
        return builder;
    }

    private String fedbiomed(String... arguments) throws IOException, InterruptedException {
        var errors = folder.resolve("errors.log");
        var process = builder(arguments)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    "fedbiomed " + String.join(" ", arguments) + " failed: " + Files.readString(errors));
        }
        return said;
    }

    /** Until its log says {@code ready}. */
    private Process start(String name, String ready, String... arguments) throws IOException, InterruptedException {
        var log = folder.resolve(name + ".log");
        var process = builder(arguments)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        started.add(process);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.readString(log).contains(ready)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(
                        String.join(" ", arguments) + " did not start: " + Files.readString(log));
            }
            Thread.sleep(10);
        }
        return process;
    }

    /** Of the process and its children: the launcher may be a shell. */
    private static double resident(Process process) throws IOException {
        long kibibytes = resident(process.pid());
        for (var child : process.descendants().toList()) {
            kibibytes += resident(child.pid());
        }
        return kibibytes / 1024.0;
    }

    private static long resident(long pid) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
            }
        }
        return 0;
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
