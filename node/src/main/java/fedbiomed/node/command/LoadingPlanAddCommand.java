package fedbiomed.node.command;

import fedbiomed.node.registry.LoadingPlanFile;
import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "add", description = "Save a loading plan, a YAML file, under the name that stands in it.")
final class LoadingPlanAddCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "FILE", description = "The plan; docs/datasets.md tells how it is written.")
    @SuppressWarnings("NullAway.Init") // picocli's
    Path file;

    @Override
    protected void run() {
        var plan = LoadingPlanFile.read(file);
        try (var database = at.database()) {
            new LoadingPlanRegistry(database, clock()).add(plan);
            out().println("Saved as '" + plan.name() + "':");
            out().println();
            DatasetPrinter.print(plan, out());
            out().println();
            out().println("Add a dataset with it: fedbiomed node dataset add PATH --loading-plan " + plan.name()
                    + at.repeated());
        }
    }
}
