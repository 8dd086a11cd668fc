package fedbiomed.cli.demo;

import fedbiomed.node.round.WorkerRehearsal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The Network and the nodes of the demo, each a process of its own with its output in a log file. They end with the demo,
 * however it ends: by {@link #close}, by the shutdown hook, or because they watch their parent.
 */
final class DemoProcesses implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 20;
    /** For what they have begun to write; a node that closes its workers needs a moment, on a busy machine more. */
    static final Duration GRACE = Duration.ofSeconds(30);

    private final Path logs;
    private final List<Started> started = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::stopAll, "demo-stop");
    private boolean stopping;

    private record Started(String name, Process process, Path log) {}

    DemoProcesses(Path logs) {
        this.logs = logs;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts {@code fedbiomed args...}; does not wait for it. */
    void start(String name, String maxHeap, String... args) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + maxHeap,
                "-XX:+UseSerialGC",
                // they live for a minute: the optimising compiler took as much CPU as all the rest (decision 4)
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + WorkerRehearsal.CACHE_PROPERTY + "=" + System.getProperty(WorkerRehearsal.CACHE_PROPERTY, ""),
                "-cp",
                System.getProperty("java.class.path"),
                "fedbiomed.cli.Main"));
        command.addAll(List.of(args));
        var log = logs.resolve(name + ".log");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile());
        builder.environment().put("FEDBIOMED_STOP_WITH_PARENT", "1");
        synchronized (this) {
            if (stopping) {
                throw new IllegalStateException("the demo is ending");
            }
            try {
                started.add(new Started(name, builder.start(), log));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start " + name, e);
            }
        }
    }

    /** Waits until {@code name} has printed {@code line}. @throws IllegalStateException with its last lines if it ended instead */
    void awaitLine(String name, String line) throws InterruptedException {
        var process = latest(name);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!said(process).contains(line)) {
            if (!process.process().isAlive() || System.nanoTime() > deadline) {
                var lines = said(process).lines().toList();
                throw new IllegalStateException(name
                        + (process.process().isAlive()
                                ? " did not start in " + PATIENCE.toSeconds() + " s"
                                : " ended at its start")
                        + "; its log " + process.log() + " ends with:\n  "
                        + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size())));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static String said(Started started) {
        try {
            return new String(Files.readAllBytes(started.log()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Largest resident memory that any of the processes (and of their children) has now, in MiB; 0 where it cannot be read. */
    long largestResidentMebibytes() {
        return started.stream()
                        .flatMap(s -> java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(s.process().toHandle()),
                                s.process().descendants()))
                        .mapToLong(handle -> peakResidentKibibytes(handle.pid()))
                        .max()
                        .orElse(0)
                >> 10;
    }

    /** Peak resident memory of this process, in MiB. */
    static long ownPeakMebibytes() {
        return peakResidentKibibytes(ProcessHandle.current().pid()) >> 10;
    }

    /** Waits until all processes have ended; says so of each. */
    void awaitAll(java.util.function.Consumer<String> ended) throws InterruptedException {
        var running = new ArrayList<>(started);
        while (!running.isEmpty()) {
            for (var process : List.copyOf(running)) {
                if (!process.process().isAlive()) {
                    running.remove(process);
                    ended.accept(process.name());
                }
            }
            Thread.sleep(POLL_MILLIS * 10);
        }
    }

    /** As kill -9 does. */
    void kill(String name) throws InterruptedException {
        var process = latest(name);
        process.process().destroyForcibly().waitFor();
    }

    /** The process that was last started under this name, alive or not. */
    ProcessHandle handle(String name) {
        return latest(name).process().toHandle();
    }

    private Started latest(String name) {
        return started.reversed().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static long peakResidentKibibytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", "" + pid, "status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private void stopAll() {
        List<Started> all;
        synchronized (this) {
            stopping = true;
            all = List.copyOf(started).reversed();
        }
        var handles = all.stream()
                .flatMap(s -> java.util.stream.Stream.concat(
                        s.process().descendants(),
                        java.util.stream.Stream.of(s.process().toHandle())))
                .toList();
        all.forEach(s -> s.process().destroy());
        long deadline = System.nanoTime() + GRACE.toNanos();
        for (var handle : handles) {
            try {
                handle.onExit().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                handle.destroyForcibly();
            } catch (Exception e) {
                handle.destroyForcibly();
            }
        }
    }

    @Override
    public void close() {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending already, and the hook does the same
        }
    }
}
