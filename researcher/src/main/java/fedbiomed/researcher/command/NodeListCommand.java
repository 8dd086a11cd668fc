package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.NodeView;
import fedbiomed.researcher.Researcher;
import fedbiomed.vocabulary.TextTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = {
            "List the nodes: whether they are online, whether they are trusted, and their fingerprints.",
            "AUDIT is how many lines a node's audit log had by its last reply; with --json, the head of that log."
        })
final class NodeListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        try (var researcher = Researcher.open(at.path())) {
            // presence comes in moments after the connection; asking for datasets waits for it
            researcher.datasets();
            var nodes = researcher.nodes();
            if (json) {
                printJson(nodes);
                return;
            }
            if (nodes.isEmpty()) {
                out().println("No node has made itself known yet. It does when it is enrolled and started.");
                return;
            }
            var table = new TextTable("NODE", "ONLINE", "TRUST", "FINGERPRINT", "AUDIT");
            nodes.forEach(node -> table.row(
                    node.node(),
                    node.online() ? "yes" : "no",
                    node.trust().shown(),
                    node.fingerprint() == null ? "-" : node.fingerprint(),
                    audit(node)));
            table.print(out());
            nodes.stream()
                    .filter(node -> !node.whatToDo().isEmpty())
                    .map(NodeListCommand::advice)
                    .forEach(this::note);
        }
    }

    private static Object audit(NodeView node) {
        var audit = node.audit();
        if (audit == null) {
            return "-";
        }
        return audit.alarm().isEmpty() ? audit.head().sequence() : "CHANGED";
    }

    private static String advice(NodeView node) {
        return "node " + node.node() + ": " + node.whatToDo();
    }
}
