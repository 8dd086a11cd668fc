package fedbiomed.researcher.command;

import picocli.CommandLine.Command;

/** {@code fedbiomed researcher node ...}. */
@Command(
        name = "node",
        description = "The nodes that this researcher knows, and trust in them.",
        subcommands = {NodeListCommand.class, NodeTrustCommand.class, NodeRevokeCommand.class})
final class NodeCommand {}
