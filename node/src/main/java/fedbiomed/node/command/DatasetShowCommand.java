package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows a dataset with its columns.", mixinStandardHelpOptions = true)
final class DatasetShowCommand extends HomeCommand {
    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    void run() {
        try (var database = database()) {
            var dataset = new DatasetRegistry(database, clock()).get(id);
            if (json) {
                printJson(DatasetPrinter.Shown.of(dataset));
            } else {
                DatasetPrinter.print(dataset, out());
            }
        }
    }
}
