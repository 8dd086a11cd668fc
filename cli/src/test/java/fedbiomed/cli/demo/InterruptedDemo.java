package fedbiomed.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code fedbiomed demo} in a working folder of its own and, as in a terminal, a process group of its own, so that Ctrl-C
 * reaches all its processes at once.
 */
final class InterruptedDemo implements AutoCloseable {
    /** By the JVM: 128 and SIGINT's number. */
    private static final int INTERRUPTED = 130;

    private final Path folder;
    private final Path output;
    private final Process process;

    InterruptedDemo(Path folder, int rounds) throws IOException {
        this.folder = Files.createDirectory(folder.resolve("work"));
        output = folder.resolve("output.txt");
        // setsid: the group's number is then the process's
        process = new ProcessBuilder(
                        "setsid",
                        // what was started in the background ignores SIGINT, and so do its children
                        "env",
                        "--default-signal=INT",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx768m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dfedbiomed.examples="
                                + Path.of("..", "examples").toAbsolutePath().normalize(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "fedbiomed.cli.Main",
                        "demo",
                        "--rounds",
                        "" + rounds,
                        // what its processes' command lines tell them apart by
                        "--folder",
                        demoFolder().toString())
                .directory(this.folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private Path demoFolder() {
        return folder.resolve("fedbiomed-demo");
    }

    String said() throws IOException {
        return Files.readString(output);
    }

    void awaitSaid(String text) {
        await(text).atMost(Hospitals.PATIENCE).until(() -> {
            assertThat(process.isAlive()).as(said()).isTrue();
            return said().contains(text);
        });
    }

    void pressCtrlC() throws IOException, InterruptedException {
        signal("-INT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, "--", "-" + process.pid()).start().waitFor();
    }

    /** It has ended by the signal, quietly, and nothing of it is left: no process, and no file that is not whole. */
    void assertEnded() throws IOException, InterruptedException {
        assertThat(process.waitFor(Hospitals.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends: " + said())
                .isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(INTERRUPTED);
        assertThat(processes()).isEmpty();
        assertThat(said()).doesNotContain("Exception", "\tat ", "please report");
        try (var all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile))
                    .allMatch(file -> file.startsWith(demoFolder()))
                    .noneMatch(file -> file.toString().endsWith(".part"));
        }
    }

    /** The command lines of processes that name the demo's folder; one that is dead and not yet buried names nothing. */
    List<String> processes() throws IOException {
        var ps = new ProcessBuilder("ps", "-eww", "-o", "args=").start();
        var lines = new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return lines.lines()
                .filter(line -> line.contains(demoFolder().toString()))
                .toList();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process.isAlive()) {
            signal("-KILL");
        }
        process.waitFor();
    }
}
