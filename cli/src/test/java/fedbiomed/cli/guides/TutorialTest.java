package fedbiomed.cli.guides;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.transport.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/tutorial.md, typed from its first command to its last; what it shows of the screen is what was on the screen. */
class TutorialTest {
    private static final Pattern CTRL_C = Pattern.compile("Ctrl-C after \"(.*)\"");
    private static final Pattern EXIT = Pattern.compile("exit (\\d+)");

    @TempDir
    Path folder;

    @TempDir
    Path tools;

    @Test
    void everyCommandOfTheTutorialDoesWhatItShows() throws Exception {
        var said = new ArrayList<String>();
        try (var shell = new GuideShell(folder, tools)) {
            for (var block : Guide.of("tutorial.md").blocks()) {
                if (!block.file().isEmpty()) {
                    Files.writeString(folder.resolve(block.file()), block.text());
                } else if (block.language().equals("bash")) {
                    said.clear();
                    for (var command : block.commands()) {
                        said.addAll(typed(shell, block, command).lines().toList());
                    }
                } else if (block.language().isEmpty()) {
                    requireSaid(block, said);
                }
            }
        }
        assertThat(folder.resolve("heart/report.html")).isNotEmptyFile();
        assertThat(folder.resolve("heart-longer/rounds/0003/global.safetensors"))
                .isNotEmptyFile();
    }

    private static String typed(GuideShell shell, Guide.Block block, String command) throws Exception {
        var interrupted = CTRL_C.matcher(block.directive());
        if (interrupted.matches()) {
            return shell.runUntil(command, interrupted.group(1));
        }
        var exit = EXIT.matcher(block.directive());
        return shell.run(onFreePorts(command), exit.matches() ? Integer.parseInt(exit.group(1)) : 0);
    }

    /** Several builds on one machine may do this at once. */
    private static String onFreePorts(String command) {
        return command.startsWith("fedbiomed network init")
                ? command + " --store-port " + FreePorts.next() + " --mqtt-port " + FreePorts.next()
                : command;
    }

    /** Each line, but for {@code ...}: a line of them alone stands for any lines, at the end for the rest of one. */
    private static void requireSaid(Guide.Block block, List<String> said) {
        var screen = said.stream().map(TutorialTest::comparable).toList();
        for (var shown : block.text().split("\n")) {
            var wanted = comparable(shown);
            if (wanted.endsWith("...")) {
                var beginning = wanted.substring(0, wanted.length() - 3).strip();
                assertThat(screen)
                        .as("tutorial.md, line %d", block.line())
                        .anySatisfy(line -> assertThat(line).startsWith(beginning));
            } else {
                assertThat(screen).as("tutorial.md, line %d", block.line()).contains(wanted);
            }
        }
    }

    /** Without what differs from run to run: ids, fingerprints, moments, durations, and the widths of columns. */
    private static String comparable(String line) {
        return line.replaceAll("\\b[A-Z0-9]{4}(-[A-Z0-9]{4}){7}\\b", "FINGERPRINT")
                .replaceAll("(?<![.\\w])[0-9a-f]{12,}\\b", "ID")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?Z?)?( [A-Z]+)?", "TIME")
                .replaceAll(" +", " ")
                .strip();
    }
}
