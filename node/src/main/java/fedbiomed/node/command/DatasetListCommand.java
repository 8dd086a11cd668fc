package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "List the datasets that this node shares.")
final class DatasetListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var datasets = new DatasetRegistry(database, clock()).list();
            if (json) {
                printJson(datasets.stream().map(DatasetPrinter.Shown::of).toList());
            } else if (datasets.isEmpty()) {
                out().println(
                                "This node shares no dataset. Share one with 'fedbiomed node dataset add FILE --name NAME --tags TAG"
                                        + at.repeated() + "'.");
            } else {
                var table = new TextTable("ID", "NAME", "KIND", "ROWS", "COLUMNS", "TAGS");
                datasets.forEach(dataset -> {
                    var description = dataset.description();
                    table.row(
                            dataset.id(),
                            description.name(),
                            description.kind(),
                            description.rows(),
                            description.columns().size(),
                            String.join(", ", description.tags()));
                });
                table.print(out());
            }
        }
    }
}
