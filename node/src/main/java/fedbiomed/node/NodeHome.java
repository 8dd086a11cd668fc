package fedbiomed.node;

import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.round.Declarations;
import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.JobFolders;
import fedbiomed.node.round.SandboxedReader;
import fedbiomed.node.round.WorkerPool;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.NetworkWitness;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.mqtt.ReplayGuard;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.CertificateRenewal;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a hospital's node stands on: its home folder, the Network, workers in a sandbox, and a state, an audit log and
 * answers that survive a power cut.
 */
final class NodeHome implements NodeGround.Opening {
    private static final Logger LOG = LoggerFactory.getLogger(NodeHome.class);

    /** How long a job waits for a Network that is away before it fails. */
    private static final Duration STORE_PATIENCE = Duration.ofMinutes(10);

    private final Path home;
    private final NodeConfig config;
    private final GpuPolicy gpu;
    private final Clock clock;

    NodeHome(Path home, NodeConfig config, GpuPolicy gpu, Clock clock) {
        this.home = home;
        this.config = config;
        this.gpu = gpu;
        this.clock = clock;
    }

    @Override
    public NodeGround open(Consumer<AutoCloseable> opened) {
        var audit = AuditLog.ofNode(home, clock);
        var identity = Identity.load(home);
        var transport = currentTransport();
        var trusted = AuditedTrust.of(home, clock);
        var database = NodeDatabase.open(home);
        opened.accept(database);
        var address = FederationAddress.load(home);
        var store = new ParameterStoreClient(transport, address, STORE_PATIENCE);
        opened.accept(store);
        store.witnessedBy(new NetworkWitness(home));
        var federation = new MqttFederation(
                identity, trusted, transport, address, store::epoch, ReplayGuard.inFolder(home, clock.millis()), clock);
        opened.accept(federation);
        federation.auditedBy(() -> head(audit));
        opened.accept(new CertificateRenewal(home, transport, clock, renewed -> {
            store.renew(renewed);
            federation.renew(renewed);
        }));
        var settings = WorkerSetup.workers(home, config, gpu);
        var reader = new SandboxedReader(WorkerSetup.readers(home, config, config.jobLimit()), clock);
        opened.accept(reader);
        return new NodeGround(
                JobFolders.in(settings.work()),
                trusted,
                database,
                RequestJournal.in(database, clock),
                new UsageLedger(database, clock),
                audit,
                federation,
                store,
                new PolicyFile(
                        home,
                        identity.party(),
                        config.minimumSamples(),
                        change -> recordPolicy(audit, identity, change)),
                reader,
                permission -> new WorkerPool(settings, permission::withdrawn, clock),
                new Declarations(),
                (_, _) -> {},
                () -> ConnectionProblem.find(store, transport, address, clock));
    }

    /** Keeps a second program from this home. */
    static AutoCloseable lock(Path home) throws IOException {
        var file = home.resolve("node.lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // held within this process
        }
        channel.close();
        throw new FedbiomedException(
                ErrorCode.BUSY, "the node of " + home + " runs already; stop that one first, or choose another --home");
    }

    private TransportIdentity currentTransport() {
        var held = TransportIdentity.load(home);
        try {
            return EnrolmentClient.renewIfDue(home, clock);
        } catch (FedbiomedException e) {
            if (!clock.instant().isBefore(held.expires())) {
                throw new FedbiomedException(
                        ErrorCode.EXPIRED,
                        "the certificate of node '" + held.party() + "' expired at " + held.expires()
                                + "; ask the Network's administrator for a new invitation and run 'fedbiomed node init'"
                                + " with it",
                        e);
            }
            LOG.warn("the certificate is valid until {}, but could not be renewed: {}", held.expires(), e.text());
            return held;
        }
    }

    /** None where the log is damaged, so that it can still be said that nothing is done. */
    private static @Nullable AuditHead head(AuditLog audit) {
        try {
            return audit.head();
        } catch (FedbiomedException e) {
            LOG.error("{}", e.text());
            return null;
        }
    }

    static AuditEvent.Builder event(AuditKind kind, Identity identity) {
        return AuditEvent.of(kind).party(identity.party(), identity.keys().fingerprint());
    }

    private static void recordPolicy(AuditLog audit, Identity identity, PolicyFile.Change change) {
        var event = event(AuditKind.POLICY_CHANGED, identity).policy(change.sha256());
        audit.append((change.problem() == null ? event : event.code(ErrorCode.POLICY)).build());
    }
}
