package fedbiomed.node;

import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.policy.PolicyGate;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.JobQueue;
import fedbiomed.node.round.Permission;
import fedbiomed.node.round.Rounds;
import fedbiomed.node.round.WorkerLimits;
import fedbiomed.node.round.WorkerPool;
import fedbiomed.node.round.WorkerSettings;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.NodeStates;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.audit.NetworkWitness;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.mqtt.ReplayGuard;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.CertificateRenewal;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running node. {@link #open} takes the home folder, {@link #start} connects and takes up what an earlier run left
 * open, {@link #close} ends every worker. Nothing that was acknowledged is lost if the process is killed instead.
 */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** How long a job waits for a Network that is away before it fails. */
    private static final Duration STORE_PATIENCE = Duration.ofMinutes(10);

    private static final long CONNECTION_LOOK_MILLIS = 10_000;
    private static final Duration FIRST_RESEND = Duration.ofSeconds(30);
    private static final Duration SWEEP_PAUSE = Duration.ofMinutes(10);

    private final PartyId party;
    private final NodeDatabase database;
    private final RequestJournal journal;
    private final NodeStates states;
    private final DatasetRegistry datasets;
    private final PlanRegistry plans;
    private final TrustedParties trusted;
    private final Federation federation;
    private final WorkerPool workers;
    private final JobQueue queue;
    private final ReplyOutbox outbox;
    private final Supplier<ConnectionProblem> connectionProblem;
    private final Deque<AutoCloseable> opened;
    private final AuditLog audit;
    private final PolicyFile policyFile;
    private final UsageLedger usage;
    private @Nullable Thread sweeper;
    private volatile boolean started;
    private volatile boolean closed;

    private Node(Path home, NodeConfig config, GpuPolicy gpu, Clock clock, Deque<AutoCloseable> opened)
            throws IOException {
        this.opened = opened;
        opened.push(lock(home));
        audit = AuditLog.ofNode(home, clock);
        var identity = Identity.load(home);
        // the last but the lock: nothing comes after it
        opened.push(() -> {
            if (started) {
                audit.append(nodeEvent(AuditKind.NODE_STOPPED, identity).build());
            }
        });
        var transport = currentTransport(home, clock);
        party = identity.party();
        trusted = AuditedTrust.of(home, clock);
        database = push(NodeDatabase.open(home));
        journal = new RequestJournal(database, clock);
        states = NodeStates.open(
                home,
                database,
                new NodeStates.Limits(
                        config.stateVersions(),
                        config.stateLifetime(),
                        config.stateDisk().bytes()),
                clock);
        datasets = new DatasetRegistry(database, clock);
        plans = new PlanRegistry(database, new AttachmentStore(home), clock);
        plans.removeLeftFiles();
        var address = FederationAddress.load(home);
        var store = push(new ParameterStoreClient(transport, address, STORE_PATIENCE));
        store.witnessedBy(new NetworkWitness(home));
        federation = push(new MqttFederation(
                identity,
                trusted,
                transport,
                address,
                store::epoch,
                ReplayGuard.inFolder(home, clock.millis()),
                clock));
        federation.auditedBy(this::auditHead);
        push(new CertificateRenewal(home, transport, clock, renewed -> {
            store.renew(renewed);
            federation.renew(renewed);
        }));
        policyFile = new PolicyFile(home, party, config.minimumSamples(), this::recordPolicy);
        usage = new UsageLedger(database, clock);
        var policy = new PolicyGate(policyFile, usage, party, clock);
        var permission = new Permission(trusted, datasets, plans, party, config.sandbox(), policy);
        var settings = settings(home, config, gpu);
        workers = push(new WorkerPool(settings, permission::withdrawn, clock));
        var rounds = new Rounds(
                journal,
                permission,
                plans.files(),
                store,
                config.largestModel().bytes(),
                states,
                workers,
                federation::monitor,
                settings.work(),
                audit,
                clock);
        outbox = push(new ReplyOutbox(journal, federation, permission::answerMayLeave, FIRST_RESEND, clock));
        var counted = push(new AuditTally(audit, AuditTally.WINDOW));
        var inbox = new Inbox[1];
        queue = push(new JobQueue(
                config.concurrentJobs(), rounds::work, (request, answer) -> inbox[0].finished(request, answer)));
        var intake = push(new PlanIntake(plans, store, config.largestModel().bytes()));
        inbox[0] = new Inbox(
                federation, datasets, plans, intake, policy, permission, journal, outbox, queue, audit, counted, clock);
        connectionProblem = () -> ConnectionProblem.find(store, transport, address, clock);
        federation.onMessage(inbox[0]::accept);
        federation.onConnected(outbox::connected);
    }

    /**
     * Opens the node of {@code home}, with the settings of its {@code config.yaml} and of the environment.
     *
     * @throws FedbiomedException saying what is missing or wrong, also if the node runs already
     */
    public static Node open(Path home, Clock clock) {
        return open(home, NodeConfig.read(home, System.getenv()), clock);
    }

    /** As {@link #open(Path, Clock)}, with what plans may have of the machine's GPUs. */
    public static Node open(Path home, GpuPolicy gpu, Clock clock) {
        return open(home, NodeConfig.read(home, System.getenv()), gpu, clock);
    }

    /** As {@link #open(Path, Clock)}, with these settings. */
    public static Node open(Path home, NodeConfig config, Clock clock) {
        return open(home, config, GpuPolicy.NONE, clock);
    }

    private static Node open(Path home, NodeConfig config, GpuPolicy gpu, Clock clock) {
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            return new Node(PartyHome.ofNode(home).require().toAbsolutePath(), config, gpu, clock, opened);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        } catch (IOException e) {
            closeAll(opened);
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot open the node's home " + home + " (" + e + "); check its permissions",
                    e);
        }
    }

    private <T extends AutoCloseable> T push(T resource) {
        opened.push(resource);
        return resource;
    }

    private static AutoCloseable lock(Path home) throws IOException {
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

    private static TransportIdentity currentTransport(Path home, Clock clock) {
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

    private static WorkerSettings settings(Path home, NodeConfig config, GpuPolicy gpu) {
        var limits = new WorkerLimits(
                config.workerHeap().bytes(),
                config.workerMemory().bytes(),
                config.workerDisk().bytes(),
                config.workerTables().bytes(),
                config.workerDisk().bytes() + config.largestModel().bytes(),
                config.threads(),
                config.workerThreads(),
                config.jobLimit(),
                config.jobCpuLimit());
        return new WorkerSettings(
                home.resolve("work"),
                home.resolve("logs"),
                home.resolve("cache"),
                config.sandbox(),
                limits,
                config.workerIdle(),
                config.memoryReserve().bytes(),
                config.concurrentJobs(),
                true,
                gpu);
    }

    /** Connects (and keeps trying), and takes up the requests that were open when an earlier run ended. */
    public void start() {
        audit.append(nodeEvent(AuditKind.NODE_STARTED, federation.identity()).build());
        started = true;
        policyFile.problem(); // says so in the log if there is one
        sweepOnce();
        var open = journal.open();
        if (!open.isEmpty()) {
            LOG.info("taking up {} requests that were open when the node ended", open.size());
        }
        open.forEach(queue::submit);
        sweeper = Thread.ofVirtual().name("journal-sweep").start(this::sweep);
        federation.open();
        Thread.ofVirtual().name("connection-look").start(this::sayWhyNotConnected);
    }

    /** None where the log is damaged, so that it can still be said that nothing is done. */
    private @Nullable AuditHead auditHead() {
        try {
            return audit.head();
        } catch (FedbiomedException e) {
            LOG.error("{}", e.text());
            return null;
        }
    }

    private static AuditEvent.Builder nodeEvent(AuditKind kind, Identity identity) {
        return AuditEvent.of(kind).party(identity.party(), identity.keys().fingerprint());
    }

    /** Once; the connection is tried on whatever it is. */
    private void sayWhyNotConnected() {
        try {
            if (!federation.awaitConnected(CONNECTION_LOOK_MILLIS) && !closed) {
                LOG.warn(
                        "node '{}' has no connection to the Network: {}",
                        party,
                        connectionProblem.get().text());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP_PAUSE);
                try {
                    sweepOnce();
                } catch (RuntimeException e) {
                    LOG.error("old requests and states could not be removed; it will be tried again", e);
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void sweepOnce() {
        journal.sweep();
        states.sweep();
        usage.sweep();
    }

    private void recordPolicy(PolicyFile.Change change) {
        var event = nodeEvent(AuditKind.POLICY_CHANGED, federation.identity()).policy(change.sha256());
        audit.append((change.problem() == null ? event : event.code(ErrorCode.POLICY)).build());
    }

    /** @return false if the broker could not be reached within {@code millis}; it is tried on */
    public boolean awaitConnected(long millis) throws InterruptedException {
        return federation.awaitConnected(millis);
    }

    public PartyId party() {
        return party;
    }

    public DatasetRegistry datasets() {
        return datasets;
    }

    public PlanRegistry plans() {
        return plans;
    }

    public TrustedParties trusted() {
        return trusted;
    }

    public Federation federation() {
        return federation;
    }

    /** Why there is no connection, where {@link #awaitConnected} gave none; asks the Network, which takes some seconds. */
    public ConnectionProblem connectionProblem() {
        return connectionProblem.get();
    }

    /** Worker processes that live, at work or warm. */
    public int workers() {
        return workers.size();
    }

    /** Requests that are worked on or wait for their turn. */
    public int openRequests() {
        return queue.size();
    }

    /** Finished trainings whose answers the researchers have not acknowledged. */
    public int unacknowledged() {
        return outbox.size();
    }

    /** Stops; returns when no worker process is left. Open requests are taken up at the next start. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        var thread = sweeper;
        if (thread != null) {
            thread.interrupt();
        }
        closeAll(opened);
    }

    /** In reverse order: first the queue and the workers, last the lock. */
    private static void closeAll(Deque<AutoCloseable> opened) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.warn("could not be closed cleanly", e);
            }
        }
    }
}
