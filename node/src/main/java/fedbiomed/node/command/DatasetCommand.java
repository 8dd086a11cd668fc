package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "dataset",
        description = "The datasets that this node shares.",
        subcommands = {
            DatasetAddCommand.class,
            DatasetKindsCommand.class,
            DatasetListCommand.class,
            DatasetShowCommand.class,
            DatasetCheckCommand.class,
            DatasetAcceptChangesCommand.class,
            DatasetRefreshCommand.class,
            DatasetRemoveCommand.class
        })
final class DatasetCommand {}
