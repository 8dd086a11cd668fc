package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "policy",
        description = "What this node does for whom, when and how much: its file policy.yaml.",
        subcommands = {PolicyShowCommand.class, PolicyCheckCommand.class})
final class PolicyCommand {}
