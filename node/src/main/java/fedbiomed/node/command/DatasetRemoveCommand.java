package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Shares a dataset no longer; the file is left alone.",
        mixinStandardHelpOptions = true)
final class DatasetRemoveCommand extends HomeCommand {
    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Override
    void run() {
        try (var database = database()) {
            new DatasetRegistry(database, clock()).remove(id);
            out().println("removed " + id + "; its file was left alone");
        }
    }
}
