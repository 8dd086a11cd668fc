package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.NodeView;
import fedbiomed.researcher.Researcher;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.TextTable;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", description = "Lists nodes with presence, trust and fingerprint.")
final class NodeListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "One line of JSON a node.")
    boolean json;

    @Override
    protected void run() {
        try (var researcher = Researcher.open(at.path())) {
            // presence comes in moments after the connection; asking for datasets waits for it
            researcher.datasets();
            var nodes = researcher.nodes();
            if (json) {
                nodes.forEach(node -> out().println(Json.text(node)));
                return;
            }
            var table = new TextTable("NODE", "ONLINE", "TRUST", "FINGERPRINT");
            nodes.forEach(node -> table.row(
                    node.node(),
                    node.online() ? "yes" : "no",
                    node.trust().name().toLowerCase(Locale.ROOT),
                    node.fingerprint() == null ? "-" : node.fingerprint()));
            table.print(out());
            nodes.stream()
                    .filter(node -> !node.whatToDo().isEmpty())
                    .map(NodeListCommand::advice)
                    .forEach(out()::println);
        }
    }

    private static String advice(NodeView node) {
        return "node " + node.node() + ": " + node.whatToDo();
    }
}
