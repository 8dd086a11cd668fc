package fedbiomed.node.command;

import fedbiomed.node.NodeConfig;
import fedbiomed.node.WorkerSetup;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.round.SandboxedReader;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.command.RepeatedHome;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which node's home a command works on. */
final class HomeOption {
    private static final String VARIABLE = "FEDBIOMED_NODE_HOME";
    private static final String USUAL = "node";
    private static final Duration NO_END = Duration.ofDays(1000);

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The node's home folder (default: $" + VARIABLE + ", else the folder '" + USUAL + "' here).",
            defaultValue = "${env:" + VARIABLE + ":-" + USUAL + "}")
    private Path home = Path.of(USUAL);

    Path path() {
        return home;
    }

    /** What a command that is suggested needs to find this home. */
    String repeated() {
        return RepeatedHome.of(home, VARIABLE, USUAL);
    }

    /** The path of a home that {@code init} made. */
    Path existing() {
        return PartyHome.ofNode(home).require();
    }

    /** Whose home it is. */
    PartyId party() {
        return Identity.load(existing()).party();
    }

    /** The plans of that state, and their files. */
    PlanRegistry plans(NodeDatabase database, Clock clock) {
        return new PlanRegistry(database, new AttachmentStore(existing()), clock);
    }

    /** The audit log of a home that {@code init} made. */
    AuditLog audit(Clock clock) {
        return AuditLog.ofNode(existing(), clock);
    }

    /** Reads datasets, for as long as it takes: who started the command can end it. */
    SandboxedReader reader(Clock clock) {
        var existing = existing().toAbsolutePath();
        return new SandboxedReader(
                WorkerSetup.readers(existing, NodeConfig.read(existing, System.getenv()), NO_END), clock);
    }

    /** Opens the state of a home that {@code init} made. */
    NodeDatabase database() {
        return NodeDatabase.open(existing());
    }
}
