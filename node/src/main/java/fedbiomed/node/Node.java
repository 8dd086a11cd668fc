package fedbiomed.node;

import fedbiomed.node.policy.PolicyGate;
import fedbiomed.node.policy.PolicySource;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.SqlDatasets;
import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.JobQueue;
import fedbiomed.node.round.Permission;
import fedbiomed.node.round.Rounds;
import fedbiomed.node.round.Workers;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.NodeStates;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Path;
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

    private static final long CONNECTION_LOOK_MILLIS = 10_000;
    private static final Duration FIRST_RESEND = Duration.ofSeconds(30);
    private static final Duration SWEEP_PAUSE = Duration.ofMinutes(10);

    private final PartyId party;
    private final NodeDatabase database;
    private final RequestJournal journal;
    private final NodeStates states;
    private final DatasetRegistry datasets;
    private final SqlDatasets queries;
    private final PlanRegistry plans;
    private final TrustedParties trusted;
    private final Federation federation;
    private final Workers workers;
    private final JobQueue queue;
    private final ReplyOutbox outbox;
    private final Supplier<ConnectionProblem> connectionProblem;
    private final Deque<AutoCloseable> opened;
    private final AuditTrail audit;
    private final PolicySource policySource;
    private final UsageLedger usage;
    private @Nullable Thread sweeper;
    private volatile boolean started;
    private volatile boolean closed;

    private Node(NodeGround.Opening opening, NodeConfig config, Clock clock, Deque<AutoCloseable> opened)
            throws IOException {
        this.opened = opened;
        // the last but the lock: nothing comes after it
        opened.push(this::recordStop);
        var ground = opening.open(opened::push);
        audit = ground.audit();
        database = ground.database();
        trusted = ground.trusted();
        federation = ground.federation();
        policySource = ground.policy();
        connectionProblem = ground.connectionProblem();
        party = federation.identity().party();
        var home = database.home();
        journal = ground.journal();
        states = NodeStates.open(
                home,
                database,
                new NodeStates.Limits(
                        config.stateVersions(),
                        config.stateLifetime(),
                        config.stateDisk().bytes()),
                clock);
        datasets = new DatasetRegistry(database, audit, ground.reader(), clock);
        queries = new SqlDatasets(datasets, database, clock);
        plans = new PlanRegistry(database, new AttachmentStore(home), audit, clock);
        plans.removeLeftFiles();
        usage = ground.usage();
        var policy = new PolicyGate(policySource, usage, party, clock);
        var permission = new Permission(trusted, datasets, plans, party, config.sandbox(), policy);
        workers = push(ground.workers().apply(permission));
        var rounds = new Rounds(
                journal,
                permission,
                plans.files(),
                ground.store(),
                config.largestModel().bytes(),
                states,
                workers,
                ground.declarations(),
                federation::monitor,
                ground.work(),
                audit,
                clock);
        var published = push(new PublishedUpdates(ground.store()));
        outbox = push(new ReplyOutbox(
                journal, federation, permission::answerMayLeave, published::withdraw, FIRST_RESEND, clock));
        var counted = push(new AuditTally(audit, AuditTally.WINDOW));
        var inbox = new Inbox[1];
        queue = push(new JobQueue(
                config.concurrentJobs(),
                Rounds::experimentOf,
                rounds::work,
                (request, answer) -> inbox[0].finished(request, answer),
                rounds::tellPlace));
        var intake = push(new PlanIntake(
                plans, ground.store(), ground.plans(), config.largestModel().bytes()));
        inbox[0] = new Inbox(
                federation, datasets, plans, intake, policy, permission, journal, outbox, queue, audit, counted, clock);
        federation.onMessage(inbox[0]::accept);
        federation.onConnected(outbox::connected);
    }

    private void recordStop() {
        if (started) {
            audit.append(NodeHome.event(AuditKind.NODE_STOPPED, federation.identity())
                    .build());
        }
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
        var existing = PartyHome.ofNode(home).require().toAbsolutePath();
        var opened = new ArrayDeque<AutoCloseable>();
        try {
            opened.push(NodeHome.lock(existing));
        } catch (IOException e) {
            throw cannotOpen(home, e);
        }
        return open(home, new NodeHome(existing, config, gpu, clock), config, clock, opened);
    }

    /**
     * A node that stands on other ground than a home folder's.
     *
     * @throws FedbiomedException saying what is missing or wrong
     */
    public static Node on(NodeGround.Opening ground, Path home, NodeConfig config, Clock clock) {
        return open(home, ground, config, clock, new ArrayDeque<>());
    }

    private static Node open(
            Path home, NodeGround.Opening ground, NodeConfig config, Clock clock, Deque<AutoCloseable> opened) {
        try {
            return new Node(ground, config, clock, opened);
        } catch (RuntimeException e) {
            closeAll(opened);
            throw e;
        } catch (IOException e) {
            closeAll(opened);
            throw cannotOpen(home, e);
        }
    }

    private static FedbiomedException cannotOpen(Path home, IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL, "cannot open the node's home " + home + " (" + e + "); check its permissions", e);
    }

    private <T extends AutoCloseable> T push(T resource) {
        opened.push(resource);
        return resource;
    }

    /** Connects (and keeps trying), and takes up the requests that were open when an earlier run ended. */
    public void start() {
        audit.append(
                NodeHome.event(AuditKind.NODE_STARTED, federation.identity()).build());
        started = true;
        policySource.problem(); // says so in the log if there is one
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
        queries.sweep();
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
