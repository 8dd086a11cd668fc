package fedbiomed.cli;

import fedbiomed.cli.demo.DemoCommand;
import fedbiomed.cli.doctor.DoctorCommand;
import fedbiomed.network.command.NetworkCommand;
import fedbiomed.node.command.NodeCommand;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.researcher.command.CheckCommand;
import fedbiomed.researcher.command.DatasetsCommand;
import fedbiomed.researcher.command.EvaluateCommand;
import fedbiomed.researcher.command.ExportCommand;
import fedbiomed.researcher.command.PredictCommand;
import fedbiomed.researcher.command.ReproduceCommand;
import fedbiomed.researcher.command.ResearcherCommand;
import fedbiomed.researcher.command.RunCommand;
import fedbiomed.simulation.command.SimulateCommand;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The one executable: mounts each party's commands, and says what went wrong in one line. */
@Command(
        name = "fedbiomed",
        versionProvider = Version.class,
        description = "Federated learning for hospitals: the model travels, the data stays.",
        exitCodeList = {
            ExitCodes.DONE_TEXT,
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.ROUND_FAILED_TEXT,
            ExitCodes.INTERRUPTED_TEXT
        },
        subcommands = {
            NetworkCommand.class,
            NodeCommand.class,
            ResearcherCommand.class,
            DatasetsCommand.class,
            CheckCommand.class,
            RunCommand.class,
            EvaluateCommand.class,
            ReproduceCommand.class,
            SimulateCommand.class,
            PredictCommand.class,
            ExportCommand.class,
            DemoCommand.class,
            DoctorCommand.class,
            CompletionCommand.class
        })
public final class Main implements Runnable {
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    private boolean version;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    public static void main(String[] args) {
        Logging.configure(List.of(args));
        StopWithParent.ifAsked();
        System.exit(commandLine().execute(args));
    }

    /** All commands. */
    public static CommandLine commandLine() {
        return FedbiomedCommandLine.of(new Main());
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
