package fedbiomed.node.command;

import fedbiomed.data.DatasetKinds;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.TextTable;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "kinds", description = "List the kinds of dataset, and what can be set for each (dataset add --set).")
final class DatasetKindsCommand extends FedbiomedCommand {
    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    record Shown(String kind, String explanation, boolean folder, Map<String, String> settings) {}

    @Override
    protected void run() {
        if (json) {
            printJson(DatasetKinds.all().stream()
                    .map(kind -> new Shown(kind.name(), kind.explanation(), kind.isFolder(), kind.settings()))
                    .toList());
            return;
        }
        var table = new TextTable("KIND", "SETTING", "WHAT IT IS");
        for (var kind : DatasetKinds.all()) {
            table.row(kind.name(), "", kind.explanation());
            kind.settings().forEach((setting, explanation) -> table.row("", setting, explanation));
        }
        table.print(out());
    }
}
