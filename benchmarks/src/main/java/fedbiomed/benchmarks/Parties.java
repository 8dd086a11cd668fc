package fedbiomed.benchmarks;

import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;

/** A Network and nodes as processes of their own, made and started by the commands that a user types. Closing ends them. */
final class Parties implements AutoCloseable {
    static final String RESEARCHER = "rita";
    private static final long PATIENCE_SECONDS = 60;
    private static final long POLL_MILLIS = 10;

    private final Path launcher;
    private final Path folder;
    private final SequencedMap<String, Process> started = new LinkedHashMap<>();

    /**
     * @param launcher the {@code fedbiomed} of a built checkout
     * @param folder where their homes are
     */
    Parties(Path launcher, Path folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path researcherHome() {
        return folder.resolve(RESEARCHER);
    }

    Process startNetwork() throws IOException, InterruptedException {
        run("network", "init", "--bind", "127.0.0.1", "--mqtt-port", "0", "--store-port", "0");
        return start("network", "Network ready", "network", "start");
    }

    /** On ports that stay the same: one that was stopped comes back where its parties know it. */
    void makeNetwork() throws IOException, InterruptedException {
        run(
                "network",
                "init",
                "--bind",
                "127.0.0.1",
                "--mqtt-port",
                String.valueOf(FreePorts.next()),
                "--store-port",
                String.valueOf(FreePorts.next()));
    }

    /** The one that {@link #makeNetwork} made. @param javaOptions more of them, as its IT department sets them; may be empty */
    Process launchNetwork(String javaOptions) throws IOException, InterruptedException {
        var launched = builder("network", "start");
        if (!javaOptions.isEmpty()) {
            launched.environment().put("FEDBIOMED_JAVA_OPTS", javaOptions);
        }
        return start("network", "Network ready", launched);
    }

    void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "it does not stop: " + process.info().commandLine());
        }
    }

    void enrolResearcher() throws IOException, InterruptedException {
        run("researcher", "init", "--home", RESEARCHER, "--invite=" + invitation("researcher", RESEARCHER));
    }

    void enrolNode(String node) throws IOException, InterruptedException {
        run("node", "init", "--home", node, "--invite=" + invitation("node", node));
    }

    /** Both ways, as people do by phone. */
    void trustEachOther(String node) throws IOException, InterruptedException {
        run("node", "researcher", "trust", RESEARCHER, fingerprint(researcherHome()), "--home", node);
        run("researcher", "node", "trust", node, fingerprint(folder.resolve(node)), "--home", RESEARCHER);
    }

    private static String fingerprint(Path home) {
        return fedbiomed.protocol.identity.Identity.load(home)
                .keys()
                .fingerprint()
                .value();
    }

    Process startNode(String node) throws IOException, InterruptedException {
        return start(node, "is connected", "node", "start", "--home", node);
    }

    private String invitation(String role, String party) throws IOException, InterruptedException {
        return Json.MAPPER
                .readTree(run("network", "invite", role, party, "--json"))
                .path("token")
                .asText();
    }

    /** @return what it says on standard output */
    String run(String... arguments) throws IOException, InterruptedException {
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

    private ProcessBuilder builder(String... arguments) {
        var command = new ArrayList<String>();
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("FEDBIOMED_NO_BUILD", "1");
        return builder;
    }

    /** A command that is at work for a while; what it says is in {@link #log}. */
    Process begin(String name, String... arguments) throws IOException {
        return begin(name, builder(arguments));
    }

    private Process begin(String name, ProcessBuilder builder) throws IOException {
        var process = builder.redirectErrorStream(true)
                .redirectOutput(log(name).toFile())
                .start();
        synchronized (started) {
            started.put(name, process);
        }
        return process;
    }

    Path log(String name) {
        return folder.resolve(name + ".log");
    }

    private Process start(String name, String ready, String... arguments) throws IOException, InterruptedException {
        return start(name, ready, builder(arguments));
    }

    /** Until its log says {@code ready}. */
    private Process start(String name, String ready, ProcessBuilder builder) throws IOException, InterruptedException {
        var log = log(name);
        var process = begin(name, builder);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.readString(log).contains(ready)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(name + " did not start: " + Files.readString(log));
            }
            Thread.sleep(POLL_MILLIS);
        }
        return process;
    }

    /** The last one started first; their workers end with them. */
    @Override
    public void close() throws InterruptedException {
        for (var process : started.sequencedValues().reversed()) {
            process.destroy();
        }
        for (var process : started.sequencedValues().reversed()) {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }
}
