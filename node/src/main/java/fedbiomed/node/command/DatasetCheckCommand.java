package fedbiomed.node.command;

import fedbiomed.node.registry.DatasetDifferences;
import fedbiomed.node.registry.DatasetInspection;
import fedbiomed.node.registry.DatasetInspection.Condition;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "check",
        description = "Read datasets once, whole, and say whether they are as they were when they were added.",
        exitCodeList = {
            "0:each of them is",
            ExitCodes.FAILED + ":one is changed, missing or unfit; the text says what to do",
            ExitCodes.USAGE_TEXT
        })
final class DatasetCheckCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Ids, from 'dataset list' (default: all).")
    List<String> ids = new ArrayList<>();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** @param differences from what was described; empty where it is the same, or cannot be read */
    record Shown(String id, String state, String text, List<String> differences) {}

    @Override
    protected void run() {
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var registry = new DatasetRegistry(database, reader, clock());
            var datasets = ids.isEmpty()
                    ? registry.list()
                    : ids.stream().distinct().map(registry::get).toList();
            var shown = new ArrayList<Shown>();
            for (var dataset : datasets) {
                DatasetInspection inspection;
                try (var progress = new ReadingLine(dataset.path())) {
                    inspection = DatasetInspection.of(registry, dataset, progress);
                }
                var result = shown(inspection);
                shown.add(result);
                if (!json) {
                    print(result);
                }
            }
            if (json) {
                printJson(shown);
            } else if (datasets.isEmpty()) {
                out().println("This node shares no dataset.");
            }
            long wrong = shown.stream()
                    .filter(result -> !result.state.equals(Condition.OK.word()))
                    .count();
            if (wrong > 0) {
                throw new CommandFailed(
                        ExitCodes.FAILED,
                        wrong + " of " + shown.size() + (shown.size() == 1 ? " dataset needs" : " datasets need")
                                + " you, see above; the node refuses work on such a dataset");
            }
        }
    }

    private static Shown shown(DatasetInspection inspection) {
        var found = inspection.found();
        return new Shown(
                inspection.dataset().id(),
                inspection.condition().word(),
                inspection.text(),
                found == null || inspection.condition() == Condition.OK
                        ? List.of()
                        : DatasetDifferences.of(inspection.dataset().description(), found));
    }

    private void print(Shown result) {
        out().println(result.id + ": " + result.state + (result.text.isEmpty() ? "" : ": " + result.text));
        result.differences.forEach(line -> out().println("  " + line));
        out().flush();
    }
}
