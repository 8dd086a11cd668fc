package fedbiomed.node.command;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.registry.SqlDatasets;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
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

    @Parameters(paramLabel = "PATH", arity = "0..1", description = "The dataset's file or folder; none for kind sql.")
    @Nullable
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
        try (var database = at.database()) {
            var dataset = add(database);
            if (json) {
                printJson(DatasetPrinter.Shown.of(dataset));
                return;
            }
            out().println("Shared. Researchers whom this node trusts see this, except where it lies and what is set:");
            out().println();
            DatasetPrinter.print(dataset, out());
            if (tags.isEmpty()) {
                note("It has no tags: an experiment finds it only by its node and its id. Tags are given with --tags.");
            }
        }
    }

    private RegisteredDataset add(NodeDatabase database) {
        var registry = new DatasetRegistry(database, clock());
        var words = tags.stream().map(String::strip).toList();
        boolean query = kind.equals(DatasetKinds.SQL);
        if (query != (file == null)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    query
                            ? "a query (kind sql) has no PATH: what it returns is kept in the node's home"
                            : "the PATH of the dataset's file or folder is missing");
        }
        if (file == null) {
            return new SqlDatasets(registry, database, clock()).add(settings, name, words, description);
        }
        long mebibytes = file.toFile().length() >> 20;
        if (mebibytes >= LARGE_MEBIBYTES) {
            note("Reading " + file + " (" + mebibytes + " MiB) ...");
        }
        return registry.add(StoredDataset.of(kind, file, settings), name, words, description);
    }
}
