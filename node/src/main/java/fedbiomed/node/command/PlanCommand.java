package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "plan",
        description = "The training plans that researchers have sent for review.",
        subcommands = {PlanListCommand.class, PlanShowCommand.class, PlanApproveCommand.class, PlanRejectCommand.class})
final class PlanCommand {}
