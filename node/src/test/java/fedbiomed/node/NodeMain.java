package fedbiomed.node;

import fedbiomed.node.command.NodeCommand;
import picocli.CommandLine;

/** The node's commands as a program of their own, for tests that kill it. */
final class NodeMain {
    private NodeMain() {}

    static void main(String[] arguments) {
        System.exit(new CommandLine(new NodeCommand()).execute(arguments));
    }
}
