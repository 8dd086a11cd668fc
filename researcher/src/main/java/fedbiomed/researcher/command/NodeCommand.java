package fedbiomed.researcher.command;

import picocli.CommandLine.Command;

/** {@code fedbiomed researcher node ...}. */
@Command(
        name = "node",
        description = "The nodes that this researcher knows, by the fingerprint of their keys.",
        subcommands = {NodeListCommand.class, NodeTrustCommand.class, NodeRevokeCommand.class})
final class NodeCommand {}
