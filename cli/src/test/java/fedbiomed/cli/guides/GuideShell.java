package fedbiomed.cli.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.node.round.Bubblewrap;
import fedbiomed.vocabulary.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a reader of the tutorial does in a terminal, in an empty folder: commands with an {@code &} become processes of their
 * own, those of {@code fedbiomed} run one after the other in one JVM, all else in bash. What a reader copies from the screen
 * into a placeholder ({@code EAST_FINGERPRINT}, {@code PLAN_ID}) is copied here, too.
 */
final class GuideShell implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    /** What {@code network start} and {@code node start} end their first line with. */
    private static final String READY = "Ctrl-C stops it";

    private static final Pattern ENROLLED =
            Pattern.compile("'(\\S+)' is enrolled;.*?fingerprint is (\\S+)", Pattern.DOTALL);
    private static final Pattern LISTED_PLAN = Pattern.compile("(?m)^([0-9a-f]{8,}) +\\w+Plan ");
    private static final Pattern LOG = Pattern.compile("> (\\S+\\.log)");
    private static final int BY_CTRL_C = 130;

    private final Path folder;
    private final Path launcher;
    private final Process here;
    private final PrintStream asks;
    private final BufferedReader answers;
    private final Map<String, String> placeholders = new LinkedHashMap<>();
    private final List<Process> background = new ArrayList<>();

    /**
     * @param folder an empty one
     * @param tools where the launcher is put
     */
    GuideShell(Path folder, Path tools) throws IOException {
        this.folder = folder;
        launcher = Files.createDirectory(tools.resolve("bin")).resolve("fedbiomed");
        Files.writeString(
                launcher,
                "#!/bin/sh\nexec env --default-signal=INT \"" + javaHome() + "/bin/java\" " + options()
                        + " fedbiomed.cli.Main \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
        here = process("exec " + javaHome() + "/bin/java " + options() + " " + CommandsHere.class.getName())
                .redirectError(tools.resolve("commands.log").toFile())
                .start();
        asks = new PrintStream(here.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = here.inputReader(StandardCharsets.UTF_8);
    }

    private static String javaHome() {
        return System.getProperty("java.home");
    }

    private static String options() {
        return "-Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow -cp \"$TEST_CLASS_PATH\"";
    }

    private ProcessBuilder process(String command) {
        var builder = new ProcessBuilder("bash", "-c", command).directory(folder.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("FEDBIOMED_"));
        environment.put("PATH", launcher.getParent() + ":" + environment.get("PATH"));
        environment.put("TEST_CLASS_PATH", System.getProperty("java.class.path"));
        environment.put("FEDBIOMED_STOP_WITH_PARENT", "1");
        // the tutorial tells a reader to say so, too
        if (Bubblewrap.obstacle().isPresent()) {
            environment.put("FEDBIOMED_NODE_SANDBOX", "jvm-only");
        }
        return builder;
    }

    /**
     * Types one command. What runs in the background must not end.
     *
     * @param exit with which it must end
     * @return what it printed
     */
    String run(String command, int exit) throws Exception {
        var typed = command;
        for (var placeholder : placeholders.entrySet()) {
            typed = typed.replace(placeholder.getKey(), placeholder.getValue());
        }
        if (typed.startsWith("kill %")) {
            endBackground();
            return "";
        }
        if (typed.endsWith("&")) {
            startInBackground(typed.substring(0, typed.length() - 1));
            return "";
        }
        var said = typed.startsWith("fedbiomed ") && !typed.contains(" > ") ? commands(typed, exit) : bash(typed, exit);
        remember(said);
        return said;
    }

    private void startInBackground(String command) throws IOException {
        var log = LOG.matcher(command);
        assertThat(log.find()).as("%s has a log", command).isTrue();
        var process = process("exec " + command).start();
        background.add(process);
        var file = folder.resolve(log.group(1));
        await(command).atMost(PATIENCE).until(() -> {
            var said = Files.exists(file) ? Files.readString(file) : "";
            assertThat(process.isAlive()).as(said).isTrue();
            return said.contains(READY);
        });
    }

    private String commands(String line, int exit) throws IOException {
        var output = "";
        var commands = Words.ofEachCommand(line);
        for (int i = 0; i < commands.size(); i++) {
            boolean last = i == commands.size() - 1;
            asks.println(Json.text(new CommandsHere.Asked(commands.get(i), output)));
            var answer = Json.MAPPER.readValue(answers.readLine(), CommandsHere.Answer.class);
            assertThat(answer.exit())
                    .as("%s%n%s%s", line, answer.out(), answer.err())
                    .isEqualTo(last ? exit : 0);
            output = last ? answer.out() + answer.err() : answer.out();
        }
        return output;
    }

    private String bash(String command, int exit) throws IOException, InterruptedException {
        var process = process(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", command, said).isEqualTo(exit);
        return said;
    }

    /** As somebody who presses Ctrl-C once the program has said {@code text}. */
    String runUntil(String command, String text) throws Exception {
        var output = launcher.resolveSibling("output.txt");
        var process = process("exec " + command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        await(text).atMost(PATIENCE).until(() -> {
            var said = Files.readString(output);
            assertThat(process.isAlive() || said.contains(text)).as(said).isTrue();
            return said.contains(text);
        });
        new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        var said = Files.readString(output);
        assertThat(process.exitValue()).as(said).isEqualTo(BY_CTRL_C);
        return said;
    }

    private void remember(String said) {
        ENROLLED.matcher(said)
                .results()
                .forEach(party -> placeholders.put(
                        party.group(1).toUpperCase(java.util.Locale.ROOT) + "_FINGERPRINT", party.group(2)));
        LISTED_PLAN.matcher(said).results().forEach(plan -> placeholders.put("PLAN_ID", plan.group(1)));
    }

    private void endBackground() throws InterruptedException {
        for (var process : background.reversed()) {
            process.destroy();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        background.clear();
    }

    @Override
    public void close() {
        asks.close();
        here.destroy();
        background.forEach(Process::destroy);
    }
}
