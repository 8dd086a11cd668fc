package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description =
                "Shares a dataset. The file stays where it is; name, tags, description, shape and columns are what"
                        + " researchers may see.",
        mixinStandardHelpOptions = true)
final class DatasetAddCommand extends HomeCommand {
    @Parameters(paramLabel = "FILE", description = "The dataset's file.")
    @SuppressWarnings("NullAway.Init") // picocli's
    Path file;

    @Option(names = "--name", required = true, description = "How people call it.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description = "By what researchers find it; with commas.")
    List<String> tags = new ArrayList<>();

    @Option(names = "--description", defaultValue = "", description = "What it is, for researchers.")
    String description = "";

    @Option(names = "--kind", defaultValue = "csv", description = "What the file is (default: ${DEFAULT-VALUE}).")
    String kind = "csv";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    void run() {
        try (var database = database()) {
            var dataset = new DatasetRegistry(database, clock())
                    .add(file, kind, name, tags.stream().map(String::strip).toList(), description);
            if (json) {
                printJson(DatasetPrinter.Shown.of(dataset));
                return;
            }
            out().println("added; researchers whom this node trusts see all of this but the file's path:");
            DatasetPrinter.print(dataset, out());
        }
    }
}
