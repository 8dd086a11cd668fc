package fedbiomed.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** What holds of all commands together. */
class MainTest {
    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(MainTest::all));
    }

    @Test
    void everyCommandAndEveryArgumentIsExplained() {
        assertThat(all(Main.commandLine())).hasSizeGreaterThan(30).allSatisfy(command -> {
            var spec = command.getCommandSpec();
            assertThat(spec.usageMessage().description())
                    .as(spec.qualifiedName())
                    .isNotEmpty();
            assertThat(spec.usageMessage().description()[0])
                    .as(spec.qualifiedName())
                    .endsWith(".");
            spec.args()
                    .forEach(arg -> assertThat(arg.description())
                            .as(spec.qualifiedName() + " " + arg.paramLabel())
                            .isNotEmpty()
                            .allSatisfy(line -> assertThat(line).isNotBlank()));
            spec.args().stream()
                    .filter(arg -> arg.arity().max() > 0)
                    .forEach(arg -> assertThat(arg.paramLabel())
                            .as(spec.qualifiedName())
                            .doesNotContain("<"));
        });
    }

    @Test
    void everyCommandThatDoesSomethingTellsItsExitCodes() {
        assertThat(all(Main.commandLine())
                        .filter(command -> command.getSubcommands().isEmpty()))
                .allSatisfy(command -> assertThat(command.getUsageMessage(Ansi.OFF))
                        .as(command.getCommandSpec().qualifiedName())
                        .contains("Exit codes:\n  0 ", "\n  1 ", "\n  2 "));
        assertThat(run("run", "--help")).contains("\n  3 ", "\n  130 ");
    }

    @Test
    void helpFitsATerminalOf80Columns() {
        assertThat(all(Main.commandLine())).allSatisfy(command -> {
            command.setUsageHelpAutoWidth(false).setUsageHelpWidth(80);
            assertThat(command.getUsageMessage(Ansi.OFF).lines())
                    .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        });
    }

    @Test
    void completionKnowsTheCommands() {
        assertThat(run("completion")).contains("complete -F _complete_fedbiomed", "--invite");
    }

    @Test
    void withoutACommandThereIsHelpAndWithAnUnknownOneThatIsSaid() {
        assertThat(run()).startsWith("Usage: fedbiomed");
        assertThat(run("--version")).contains("Fed-BioMed for Java", "Java ");
        var err = new StringWriter();
        assertThat(Main.commandLine().setErr(new PrintWriter(err)).execute("nodes"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("has no command 'nodes'", "Did you mean 'node'?");
    }

    private static String run(String... args) {
        var out = new StringWriter();
        assertThat(Main.commandLine().setOut(new PrintWriter(out)).execute(args))
                .isZero();
        return out.toString();
    }
}
