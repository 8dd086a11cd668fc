package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "loading-plan",
        description = {
            "Loading plans bring this node's own column names and values under those that a federation agreed on.",
            "A dataset is added with one: 'dataset add --loading-plan NAME'."
        },
        subcommands = {
            LoadingPlanAddCommand.class,
            LoadingPlanListCommand.class,
            LoadingPlanShowCommand.class,
            LoadingPlanRemoveCommand.class
        })
final class LoadingPlanCommand {}
