package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.SqlDatasets;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.Text;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "refresh",
        description = {
            "Run a dataset's query again (kind sql), and share what it returns now.",
            "Experiments on what it returned before are told that the dataset has changed."
        })
final class DatasetRefreshCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The dataset's id, from 'dataset list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var registry = new DatasetRegistry(database, reader, clock());
            var refreshed = new SqlDatasets(registry, database, clock()).refresh(id);
            var before = refreshed.before().description();
            var now = refreshed.now().description();
            if (json) {
                printJson(DatasetPrinter.Shown.of(refreshed.now()));
            } else if (now.fingerprint().equals(before.fingerprint())) {
                out().println("Dataset '" + id + "' is as it was: the query returns the same " + before.rows()
                        + " rows.");
            } else {
                out().println("Dataset '" + id + "' is shared as the query returns it now.");
                printDifference(before, now);
            }
        }
    }

    private void printDifference(DatasetDescription before, DatasetDescription now) {
        out().println("rows         " + before.rows() + " -> " + now.rows());
        var old = byName(before);
        var fresh = byName(now);
        fresh.forEach((name, column) -> {
            var was = old.get(name);
            if (was == null) {
                out().println("column       " + Text.shown(name) + ": new, " + shown(column));
            } else if (was.type() != column.type() || was.missing() != column.missing()) {
                out().println("column       " + Text.shown(name) + ": " + shown(was) + " -> " + shown(column));
            }
        });
        old.keySet().stream()
                .filter(name -> !fresh.containsKey(name))
                .forEach(name -> out().println("column       " + Text.shown(name) + ": gone"));
        out().println("fingerprint  " + before.fingerprint() + " -> " + now.fingerprint());
    }

    private static SequencedMap<String, ColumnDescription> byName(DatasetDescription dataset) {
        var columns = new LinkedHashMap<String, ColumnDescription>();
        dataset.columns().forEach(column -> columns.put(column.name(), column));
        return columns;
    }

    private static String shown(ColumnDescription column) {
        return column.type().name().toLowerCase(Locale.ROOT) + ", " + column.missing() + " missing";
    }
}
