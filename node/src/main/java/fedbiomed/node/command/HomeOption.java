package fedbiomed.node.command;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which node's home a command works on. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The node's home folder (default: $FEDBIOMED_NODE_HOME, else ./node).",
            defaultValue = "${env:FEDBIOMED_NODE_HOME:-node}")
    private Path home = Path.of("node");

    Path path() {
        return home;
    }

    /** The path of a home that {@code init} made. */
    Path existing() {
        return PartyHome.ofNode(home).require();
    }

    /** Whose home it is. */
    PartyId party() {
        return Identity.load(existing()).party();
    }

    /** Opens the state of a home that {@code init} made. */
    NodeDatabase database() {
        return NodeDatabase.open(existing());
    }
}
