package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.DatasetText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show a dataset with its columns.")
final class DatasetShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Option(
            names = "--as-researcher",
            description = "Show what leaves the node, and nothing else: with --json the very object that is sent.")
    boolean asResearcher;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var dataset = new DatasetRegistry(database, clock()).get(id);
            if (asResearcher) {
                if (json) {
                    printJson(dataset.description());
                } else {
                    DatasetText.lines(dataset.description()).forEach(out()::println);
                    Policies.tooFew(at.existing(), dataset.description()).ifPresent(this::note);
                }
            } else if (json) {
                printJson(DatasetPrinter.Shown.of(dataset));
            } else {
                DatasetPrinter.print(dataset, out());
                DatasetPrinter.printNotes(dataset, out());
            }
        }
    }
}
