package fedbiomed.cli;

import fedbiomed.cli.demo.DemoCommand;
import fedbiomed.network.command.NetworkCommand;
import fedbiomed.node.command.NodeCommand;
import fedbiomed.researcher.command.DatasetsCommand;
import fedbiomed.researcher.command.PredictCommand;
import fedbiomed.researcher.command.ResearcherCommand;
import fedbiomed.researcher.command.RunCommand;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The one executable: mounts each party's commands, and says what went wrong in one line. */
@Command(
        name = "fedbiomed",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Federated learning for hospitals: the model travels, the data stays.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:it failed; the error says what, which value and what to do",
            "2:the command line is not right",
            "3:a round ended without enough answers; the experiment can be resumed",
            "130:stopped by Ctrl-C"
        },
        subcommands = {
            NetworkCommand.class,
            NodeCommand.class,
            ResearcherCommand.class,
            DatasetsCommand.class,
            RunCommand.class,
            PredictCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            GenerateCompletion.class
        })
public final class Main implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] args) {
        Logging.configure(List.of(args));
        StopWithParent.ifAsked();
        System.exit(commandLine().execute(args));
    }

    /** All commands, with errors as lines for people. */
    public static CommandLine commandLine() {
        var commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler(Main::explain);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine
                .getSubcommands()
                .forEach((name, subcommand) ->
                        subcommand.getCommandSpec().usageMessage().hidden(name.equals("generate-completion")));
        return commandLine;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** An error that we know is one line; one that we do not know shows where it came from, so that it can be reported. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        var err = command.getErr();
        var known = failure instanceof FedbiomedException
                || failure instanceof IllegalArgumentException
                || failure instanceof IllegalStateException
                || failure instanceof UncheckedIOException
                || failure instanceof java.io.IOException;
        if (known && failure.getMessage() != null && System.getenv("FEDBIOMED_DEBUG") == null) {
            err.println(command.getColorScheme().errorText("Error: " + failure.getMessage()));
            if (failure instanceof UncheckedIOException io && io.getCause() != null) {
                err.println("  (" + io.getCause() + ")");
            }
        } else {
            err.println("Unexpected error; please report it with the lines below.");
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }
}
