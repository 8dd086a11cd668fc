package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.Researcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fedbiomed datasets}. */
@Command(
        name = "datasets",
        description = "List the datasets that the nodes offer to this researcher.",
        subcommands = DatasetsShowCommand.class)
public final class DatasetsCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description = "Only datasets that have all of these tags.")
    String[] tags = {};

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var researcher = Researcher.open(at.path())) {
            var datasets = researcher.datasets(tags);
            if (json) {
                printJson(datasets);
            } else {
                out().println(datasets.table());
                if (datasets.offered().isEmpty() && datasets.silences().isEmpty() && tags.length == 0) {
                    note("No node has made itself known yet. It does when it is enrolled and started.");
                }
            }
        }
    }
}
