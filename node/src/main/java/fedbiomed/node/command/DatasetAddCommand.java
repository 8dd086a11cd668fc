package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description =
                "Shares a dataset. The file stays where it is; name, tags, description, shape and columns are what"
                        + " researchers may see.")
final class DatasetAddCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "FILE", description = "The dataset's file.")
    @SuppressWarnings("NullAway.Init") // picocli's
    Path file;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "How people call it.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description = "By what researchers find it; with commas.")
    List<String> tags = new ArrayList<>();

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What it is, for researchers.")
    String description = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "csv",
            description = "What the file is (default: ${DEFAULT-VALUE}).")
    String kind = "csv";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database()) {
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
