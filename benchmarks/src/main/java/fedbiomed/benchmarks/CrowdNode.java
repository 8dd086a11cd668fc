package fedbiomed.benchmarks;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.Node;
import fedbiomed.node.NodeConfig;
import fedbiomed.node.NodeGround;
import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.round.Declarations;
import fedbiomed.node.round.JobFolders;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.mqtt.ReplayGuard;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PlanStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A hospital's node but for its workers: its own keys, state, journal, audit log and connections, everything forced to the
 * disk, in a JVM with others.
 */
final class CrowdNode {
    private static final Duration STORE_PATIENCE = Duration.ofMinutes(10);
    private static final Clock CLOCK = Clock.systemUTC();

    private CrowdNode() {}

    /** What the nodes of a JVM share. */
    record Common(Path work, Declarations declarations, Path plan, Path data, String tag, long rows) {}

    /** Opened, with a dataset shared and a plan approved; not connected yet. */
    static Node open(Path home, Common common) {
        var config = NodeConfig.read(home, Map.of());
        var node = Node.on(opened -> ground(home, config, common, opened), home, config, CLOCK);
        if (node.datasets().list().isEmpty()) {
            node.datasets().add(new StoredDataset(DatasetKinds.CSV, common.data()), "rows", List.of(common.tag()), "");
            var plan = node.plans().register(node.party(), PlanSource.read(common.plan()), "");
            node.plans().decide(plan.id(), PlanStatus.APPROVED, "");
        }
        return node;
    }

    private static NodeGround ground(Path home, NodeConfig config, Common common, Consumer<AutoCloseable> opened) {
        var audit = AuditLog.ofNode(home, CLOCK);
        var identity = Identity.load(home);
        var transport = TransportIdentity.load(home);
        var address = FederationAddress.load(home);
        var trusted = new TrustedParties(home, CLOCK);
        var database = NodeDatabase.open(home);
        opened.accept(database);
        var store = new ParameterStoreClient(transport, address, STORE_PATIENCE);
        opened.accept(store);
        var federation = new MqttFederation(
                identity, trusted, transport, address, store::epoch, ReplayGuard.inFolder(home, CLOCK.millis()), CLOCK);
        opened.accept(federation);
        federation.auditedBy(audit::head);
        return new NodeGround(
                JobFolders.in(common.work()),
                trusted,
                database,
                RequestJournal.in(database, CLOCK),
                new UsageLedger(database, CLOCK),
                audit,
                federation,
                store,
                new PolicyFile(home, identity.party(), config.minimumSamples(), _ -> {}),
                DatasetKinds::describe,
                _ -> new UntrainedWorkers(common.rows()),
                common.declarations(),
                (_, _) -> {},
                () -> ConnectionProblem.find(store, transport, address, CLOCK));
    }
}
