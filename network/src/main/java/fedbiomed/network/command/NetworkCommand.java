package fedbiomed.network.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code network}: the root of the Network's commands. */
@Command(
        name = "network",
        description = "The meeting point of a federation: broker, parameter store, enrolment.",
        mixinStandardHelpOptions = true,
        subcommands = {
            InitCommand.class,
            StartCommand.class,
            InviteCommand.class,
            PartyCommand.class,
            BrokerConfigCommand.class
        })
public final class NetworkCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which of the network's commands?");
    }
}
