package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "plan",
        description = "Training plans: those that researchers have sent for review, and your own.",
        subcommands = {
            PlanListCommand.class,
            PlanShowCommand.class,
            PlanDiffCommand.class,
            PlanAddCommand.class,
            PlanApproveCommand.class,
            PlanRejectCommand.class,
            PlanDeleteCommand.class
        })
final class PlanCommand {}
