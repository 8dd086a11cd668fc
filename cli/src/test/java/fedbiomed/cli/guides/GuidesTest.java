package fedbiomed.cli.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import fedbiomed.cli.Main;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.researcher.experiment.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Commands, code, settings, links and error texts in the guides are those of the program. */
class GuidesTest {
    private static final String FROM_FEDBIOMED = "from-fedbiomed.md";
    /** Of a service file. */
    private static final String SERVICE = "ExecStart=";

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern HOOK = Pattern.compile("[A-Z][\\w<>, ]* \\w+\\(.*\\)");
    /** Of an experiment's file, where a page shows some lines of it. */
    private static final Map<String, String> NEEDED =
            Map.of("tags", "tags: [heart]", "plan", "plan: HeartPlan.java", "rounds", "rounds: 10");

    /** Making it costs more than using it. */
    private static final CommandLine PROGRAM = Main.commandLine();

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "installation.md",
                "tutorial.md",
                "node-guide.md",
                "researcher-guide.md",
                "experiments.md",
                FROM_FEDBIOMED,
                "troubleshooting.md"
            })
    void everythingOnThePageIsTheProgramsOwn(String page) throws IOException {
        var guide = Guide.of(page);
        var code = new JavaSnippets(folder);
        for (var block : guide.blocks()) {
            switch (block.language()) {
                case "bash" -> block.commands().forEach(command -> requireParsed(page, block.line(), command));
                case "java" -> code.add(page + ", line " + block.line(), block.text());
                case "yaml" -> requireRead(page, block);
                case "ini" ->
                    block.text()
                            .lines()
                            .filter(line -> line.startsWith(SERVICE))
                            .forEach(line -> requireParsed(page, block.line(), line.substring(SERVICE.length())));
                default ->
                    assertThat(block.language())
                            .as("%s, line %d", page, block.line())
                            .isEmpty();
            }
        }
        for (var line : guide.prose()) {
            for (var said : Guide.code(page.equals(FROM_FEDBIOMED) ? ours(line) : line)) {
                if (said.matches("(.* )?fedbiomed [a-z].*")) {
                    requireKnown(page, said.replaceFirst("^.*?fedbiomed (?!fedbiomed )", ""));
                } else if (page.equals(FROM_FEDBIOMED) && line.startsWith("|")) {
                    addJava(code, page + ": " + said, said);
                }
            }
        }
        code.compile();
        requireLinks(page, Files.readString(Guide.ROOT.resolve("docs").resolve(page)));
    }

    private static void addJava(JavaSnippets code, String place, String said) throws IOException {
        if (said.matches("[.a-z].*\\)")) {
            code.add(place, (said.startsWith(".") ? "builder" : "") + said + ";\n");
        } else if (HOOK.matcher(said).matches()) {
            code.addHook(place, said);
        }
    }

    /** The first column of a table has the other program's commands and code. */
    private static String ours(String line) {
        return line.startsWith("|") ? line.substring(line.indexOf(" | ") + 1) : line;
    }

    private static void requireParsed(String page, int line, String command) {
        for (var words : Words.ofEachCommand(command)) {
            // the launcher's own
            if (!words.isEmpty() && !List.of("java", "jshell", "jupyter").contains(words.getFirst())) {
                assertThatCode(() -> PROGRAM.parseArgs(words.toArray(String[]::new)))
                        .as("%s, the block at line %d: %s", page, line, command)
                        .doesNotThrowAnyException();
            }
        }
    }

    /** A command in a sentence may leave arguments out; what is there must exist. */
    private static void requireKnown(String page, String said) {
        var command = PROGRAM;
        for (var word : Words.of(said)) {
            if (List.of("java", "jshell", "jupyter").contains(word) && command.getParent() == null) {
                return;
            }
            var inner = command.getSubcommands().get(word);
            if (inner != null) {
                command = inner;
            } else if (word.startsWith("--")) {
                assertThat(command.getCommandSpec().optionsMap())
                        .as("%s: %s", page, said)
                        .containsKey(word.replaceFirst("=.*", ""));
            } else {
                assertThat(command.getSubcommands())
                        .as("%s: %s", page, said)
                        .satisfiesAnyOf(
                                none -> assertThat(none).isEmpty(),
                                some -> assertThat(word).isUpperCase(),
                                some -> assertThat(word).isEqualTo("..."));
            }
        }
    }

    private void requireRead(String page, Guide.Block block) throws IOException {
        var file = folder.resolve("snippet.yaml");
        var policy = block.text().lines().anyMatch(line -> line.startsWith("researchers:"));
        var network = block.text().lines().anyMatch(line -> line.matches("(worker|limits|hosts).*"));
        assertThat(network)
                .as("no test reads the settings in %s, line %d", page, block.line())
                .isFalse();
        Files.writeString(file, policy ? block.text() : completed(block.text()));
        assertThatCode(() -> {
                    if (policy) {
                        PolicyFile.read(file, 0);
                    } else {
                        Experiment.read(file);
                    }
                })
                .as("%s, the block at line %d", page, block.line())
                .doesNotThrowAnyException();
    }

    private static String completed(String text) {
        var lines = new ArrayList<String>();
        NEEDED.forEach((key, line) -> {
            if (text.lines().noneMatch(there -> there.startsWith(key + ":"))) {
                lines.add(line + "\n");
            }
        });
        return String.join("", lines) + text;
    }

    private static void requireLinks(String page, String text) {
        var from = Guide.ROOT.resolve("docs").resolve(page);
        assertThat(LINK.matcher(text).results().map(found -> found.group(1)))
                .allSatisfy(target -> assertThat(from.resolveSibling(target))
                        .as("a link in %s", page)
                        .exists());
    }

    @Test
    void everyErrorThatIsExplainedIsOneThatTheProgramSays() throws IOException {
        var texts = texts();
        var explained = Guide.of("troubleshooting.md").prose().stream()
                .filter(line -> line.startsWith("### "))
                .flatMap(line -> Guide.code(line).stream())
                .toList();
        assertThat(explained).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        for (var message : explained) {
            var fixed = List.of(message.split("…")).stream()
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
            assertThat(String.join("", fixed)).as(message).hasSizeGreaterThan(12);
            assertThat(texts.stream().anyMatch(file -> fixed.stream().allMatch(file::contains)))
                    .as(message)
                    .isTrue();
        }
    }

    /** Of each source file; a text in several literals as one. */
    private static List<String> texts() throws IOException {
        var texts = new ArrayList<String>();
        for (var module : List.of(
                "vocabulary",
                "parameters",
                "data",
                "training",
                "protocol",
                "network",
                "node",
                "researcher",
                "simulation",
                "cli")) {
            try (var files = Files.walk(Guide.ROOT.resolve(module + "/src/main/java"))) {
                for (var file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    texts.add(Files.readString(file)
                            .replaceAll("\"\\s*\\+\\s*\"", "")
                            .replace("\\\"", "\""));
                }
            }
        }
        texts.add(Files.readString(Guide.ROOT.resolve("fedbiomed")));
        texts.add(Files.readString(Guide.ROOT.resolve(".mvn/find-jdk.sh")));
        return texts;
    }

    @Test
    void theReadmeLeadsToEveryGuide() throws IOException {
        var readme = Files.readString(Guide.ROOT.resolve("README.md"));
        try (var pages = Files.list(Guide.ROOT.resolve("docs"))) {
            var names = pages.map(page -> page.getFileName().toString())
                    .filter(name ->
                            name.matches("(installation|tutorial|.*guide|experiments|from-.*|troubleshooting)\\.md"))
                    .collect(Collectors.toSet());
            assertThat(names).hasSize(7).allSatisfy(name -> assertThat(readme).contains("docs/" + name));
        }
    }
}
