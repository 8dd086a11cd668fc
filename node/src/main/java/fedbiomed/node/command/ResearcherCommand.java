package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "researcher",
        description = "The researchers whom this node trusts, by the fingerprint of their keys.",
        subcommands = {ResearcherListCommand.class, ResearcherTrustCommand.class, ResearcherRevokeCommand.class})
final class ResearcherCommand {}
