package fedbiomed.network.command;

import picocli.CommandLine.Command;

/** {@code network}: the root of the Network's commands. */
@Command(
        name = "network",
        description = "The meeting point of a federation: broker, parameter store, enrolment.",
        subcommands = {
            InitCommand.class,
            StartCommand.class,
            InviteCommand.class,
            PartyCommand.class,
            BrokerConfigCommand.class,
            AuditCommand.class
        })
public final class NetworkCommand {}
