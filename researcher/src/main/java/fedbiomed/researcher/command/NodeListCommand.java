package fedbiomed.researcher.command;

import fedbiomed.researcher.NodeView;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.report.TextTable;
import fedbiomed.vocabulary.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists nodes with presence, trust and fingerprint.",
        mixinStandardHelpOptions = true)
final class NodeListCommand extends ExplainedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "One line of JSON a node.")
    boolean json;

    @Override
    void run() {
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
                    node.node().value(),
                    node.online() ? "yes" : "no",
                    node.trust().name().toLowerCase(java.util.Locale.ROOT),
                    node.fingerprint() == null ? "-" : node.fingerprint().value()));
            table.lines().forEach(out()::println);
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
