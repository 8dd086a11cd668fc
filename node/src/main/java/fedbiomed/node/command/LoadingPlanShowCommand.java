package fedbiomed.node.command;

import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show a saved loading plan.")
final class LoadingPlanShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "Its name, from 'loading-plan list'.")
    String name = "";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plan = new LoadingPlanRegistry(database, clock()).get(name);
            if (json) {
                printJson(plan);
            } else {
                out().println(plan.name());
                out().println();
                DatasetPrinter.print(plan, out());
            }
        }
    }
}
