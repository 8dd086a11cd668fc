package fedbiomed.node.command;

import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove",
        description = "Save a loading plan no longer. Datasets that were added with it stay as they are.")
final class LoadingPlanRemoveCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "Its name, from 'loading-plan list'.")
    String name = "";

    @Override
    protected void run() {
        try (var database = at.database()) {
            new LoadingPlanRegistry(database, clock()).remove(name);
            out().println("Loading plan '" + name
                    + "' is not saved any more; datasets that were added with it stay as they are.");
        }
    }
}
