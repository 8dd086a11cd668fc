package fedbiomed.node.command;

import picocli.CommandLine.Command;

/** {@code fedbiomed node ...}. */
@Command(
        name = "node",
        description = "The node: runs at the hospital, beside the data.",
        subcommands = {
            InitCommand.class,
            StartCommand.class,
            StatusCommand.class,
            DatasetCommand.class,
            LoadingPlanCommand.class,
            PlanCommand.class,
            ResearcherCommand.class,
            PolicyCommand.class,
            AuditCommand.class
        })
public final class NodeCommand {}
