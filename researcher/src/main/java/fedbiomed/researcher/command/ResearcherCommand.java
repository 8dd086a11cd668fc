package fedbiomed.researcher.command;

import picocli.CommandLine.Command;

/** {@code fedbiomed researcher ...}. */
@Command(
        name = "researcher",
        description = "The researcher: this party's keys, and the nodes that it trusts.",
        subcommands = {InitCommand.class, FingerprintCommand.class, NodeCommand.class})
public final class ResearcherCommand {}
