package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.SqlDatasets;
import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Share a dataset no longer. Its file is left alone.")
final class DatasetRemoveCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var registry = new DatasetRegistry(database, clock());
            var dataset = registry.get(id);
            registry.remove(id);
            new SqlDatasets(registry, database, clock()).released(dataset);
            out().println("Dataset '" + id + "' is not shared any more; its file is left alone.");
        }
    }
}
