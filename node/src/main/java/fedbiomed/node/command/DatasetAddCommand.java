package fedbiomed.node.command;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description = {
            "Share a dataset with the researchers whom this node trusts.",
            "They see its name, tags, description, shape and columns. The data stays where it is."
        })
final class DatasetAddCommand extends FedbiomedCommand {
    /** A file that takes more than a moment to read. */
    private static final long LARGE_MEBIBYTES = 64;

    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "PATH", description = "The dataset's file or folder.")
    @SuppressWarnings("NullAway.Init") // picocli's
    Path file;

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "What people call it.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description = "Words by which researchers find it, separated by commas.")
    List<String> tags = new ArrayList<>();

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What it holds, for researchers.")
    String description = "";

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            defaultValue = "csv",
            description = "What it is (default: ${DEFAULT-VALUE}); see 'fedbiomed node dataset kinds'.")
    String kind = "csv";

    @Option(
            names = "--set",
            paramLabel = "SETTING=VALUE",
            description = "How it is read; repeatable. 'fedbiomed node dataset kinds' tells what each kind knows.")
    Map<String, String> settings = new TreeMap<>();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        long mebibytes = file.toFile().length() >> 20;
        if (mebibytes >= LARGE_MEBIBYTES) {
            note("Reading " + file + " (" + mebibytes + " MiB) ...");
        }
        try (var database = at.database()) {
            var dataset = new DatasetRegistry(database, clock())
                    .add(
                            StoredDataset.of(kind, file, settings),
                            name,
                            tags.stream().map(String::strip).toList(),
                            description);
            if (json) {
                printJson(DatasetPrinter.Shown.of(dataset));
                return;
            }
            out().println("Shared. Researchers whom this node trusts see this, except where it lies and what is set:");
            out().println();
            DatasetPrinter.print(dataset, out());
            DatasetPrinter.printNotes(dataset, out());
            if (tags.isEmpty()) {
                note("It has no tags: an experiment finds it only by its node and its id. Tags are given with --tags.");
            }
        }
    }
}
