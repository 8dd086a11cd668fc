package fedbiomed.simulation;

import fedbiomed.data.DatasetKinds;
import fedbiomed.node.Node;
import fedbiomed.node.NodeGround;
import fedbiomed.node.policy.UsageLedger;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.node.round.Declarations;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.node.state.RequestJournal;
import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.ResearcherConfig;
import fedbiomed.simulation.split.TableSplit;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nodes and a researcher in this JVM, with all that they know in one folder. Opened again with the same folder it has the
 * same nodes, so that an experiment is resumed as a real one is.
 *
 * <p>The node's and the researcher's code is that of a real federation, with its checks. Left out are the Network, seals
 * and signatures, the sandbox, the audit logs, and the wait for the disk: what is written outlives the end of the process,
 * but not a power cut. So a simulation is for one's own plan on one's own data.
 *
 * <pre>{@code
 * try (var federation = SimulatedFederation.builder(folder).open()) {
 *     federation.addNodes(TableSplit.of(table, 100).partition(Partition.dirichlet(0.3, "diagnosis")), "breast-cancer");
 *     var experiment = Experiment.builder(federation.researcher()).tags("breast-cancer").plan(plan).rounds(10).build();
 *     experiment.run();
 * }
 * }</pre>
 */
public final class SimulatedFederation implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SimulatedFederation.class);

    /** A thousand nodes answer a short question within a second; on a busy machine it takes longer. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final AutoCloseable lock;
    private final SimulationFolder folder;
    private final SimulationSettings settings;
    private final Identity identity;
    private final Exchange exchange;
    private final TrustedParties trustedByNodes;
    private final TrustedParties trustedByResearcher;
    private final SharedWork work;
    private final Declarations declarations = new Declarations();
    private final SortedMap<PartyId, SimulatedNode> nodes = new ConcurrentSkipListMap<>();
    private @Nullable Researcher researcher;

    private SimulatedFederation(AutoCloseable lock, SimulationFolder folder, SimulationSettings settings) {
        this.lock = lock;
        this.folder = folder;
        this.settings = settings;
        identity = folder.identity(settings.researcher());
        exchange = new Exchange(settings.clock());
        trustedByNodes = TrustedParties.inMemory(settings.clock());
        trustedByNodes.trust(settings.researcher(), identity.keys().fingerprint());
        trustedByResearcher = TrustedParties.inMemory(settings.clock());
        work = new SharedWork(folder.work(), settings.parallelism());
    }

    /** @param folder where all of it lies; made where there is none */
    public static SimulationBuilder builder(Path folder) {
        return new SimulationBuilder(folder);
    }

    static SimulatedFederation open(Path root, SimulationSettings settings) {
        try {
            var lock = SimulationFolder.lock(root);
            try {
                var federation = new SimulatedFederation(lock, SimulationFolder.prepared(root), settings);
                federation.reopen();
                return federation;
            } catch (RuntimeException | IOException e) {
                closeQuietly(lock);
                throw e;
            }
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot use the simulation's folder " + root + " (" + e + "); look at its permissions and space",
                    e);
        }
    }

    private void reopen() throws IOException {
        try {
            folder.nodes().parallelStream().forEach(this::startOrFail);
        } catch (RuntimeException | IOException e) {
            nodes.values().parallelStream().forEach(node -> closeQuietly(node.node()));
            throw e;
        }
    }

    /** The node of that name, which is made where there is none. */
    public synchronized SimulatedNode addNode(String name) {
        var party = PartyId.of(name);
        requireNodesName(party);
        var known = nodes.get(party);
        return known == null ? startOrFail(party) : known;
    }

    private void requireNodesName(PartyId name) {
        if (name.equals(settings.researcher())) {
            throw new IllegalArgumentException("'" + name + "' is the researcher's name; choose another for the node");
        }
    }

    private SimulatedNode startOrFail(PartyId name) {
        try {
            return start(name);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot make the node '" + name + "' (" + e + "); look at the folder's permissions and space",
                    e);
        }
    }

    /** As {@link #addNode(String)}, and it shares a CSV file ({@link SimulatedNode#addDataset(Path, String...)}). */
    public SimulatedNode addNode(String name, Path csv, String... tags) {
        return addNode(name).addDataset(csv, tags);
    }

    /**
     * Splits a table, and makes a node for each part. Columns are of the type that they have in the whole table, also where
     * the few values of a part would be of another.
     *
     * @return by their names
     * @throws FedbiomedException as {@link TableSplit#write}
     */
    public synchronized List<SimulatedNode> addNodes(TableSplit split, String... tags) {
        var parts = split.write(folder.data());
        var columns = split.columns();
        parts.forEach(part -> requireNodesName(part.node()));
        return parts.parallelStream()
                .map(part -> {
                    var known = nodes.get(part.node());
                    return (known == null ? startOrFail(part.node()) : known).addPart(part.file(), columns, tags);
                })
                .toList();
    }

    private SimulatedNode start(PartyId name) throws IOException {
        var home = folder.home(name);
        var endpoint = exchange.endpoint(identity.named(name), trustedByNodes, true);
        var simulated = new SimulatedNode(name, endpoint, folder.shared(), settings.seed());
        NodeGround.Opening ground = opened -> {
            var database = NodeDatabase.open(home, Durability.PROCESS);
            opened.accept(database);
            opened.accept(endpoint);
            return new NodeGround(
                    work,
                    trustedByNodes,
                    database,
                    RequestJournal.inMemory(settings.clock()),
                    usage(database),
                    AuditTrail.NONE,
                    endpoint,
                    simulated.store(),
                    settings::policy,
                    DatasetKinds::describe,
                    _ -> new InProcessWorker(simulated, work),
                    declarations,
                    this::review,
                    () -> new ConnectionProblem(false, "the simulated node was not started"));
        };
        var node = Node.on(ground, home, settings.config(), settings.clock());
        simulated.started(node);
        node.start();
        trustedByResearcher.trust(name, identity.keys().fingerprint());
        nodes.put(name, simulated);
        return simulated;
    }

    /** What the policy does not limit is not counted. */
    private UsageLedger usage(NodeDatabase database) {
        return settings.policy().limitsUse()
                ? new UsageLedger(database, settings.clock())
                : UsageLedger.ofNothing(settings.clock());
    }

    /** The data manager of a simulated node. */
    private void review(PlanRegistry plans, ReviewedPlan plan) {
        if (plan.status() == PlanStatus.PENDING) {
            var decision = settings.approved().test(plan.source()) ? PlanStatus.APPROVED : PlanStatus.REJECTED;
            plans.decide(plan.id(), decision, "simulation");
        }
    }

    /** By their names. */
    public synchronized Collection<SimulatedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** @throws IllegalArgumentException if there is no such node */
    public synchronized SimulatedNode node(String name) {
        var node = nodes.get(PartyId.of(name));
        if (node == null) {
            throw new IllegalArgumentException("there is no node '" + name + "' in this simulation; addNode makes one");
        }
        return node;
    }

    /** The researcher, to whom all nodes are connected; closed with the federation. One that was closed before is opened anew. */
    public synchronized Researcher researcher() {
        var open = researcher;
        if (open == null || open.isClosed()) {
            open = Researcher.on(
                    folder.researcher(),
                    trustedByResearcher,
                    exchange.endpoint(identity, trustedByResearcher, false),
                    new SharedFolder(folder.shared()),
                    new ResearcherConfig(PATIENCE, PATIENCE),
                    Durability.PROCESS,
                    settings.clock());
            researcher = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        if (researcher != null) {
            researcher.close();
        }
        nodes.values().parallelStream().forEach(node -> closeQuietly(node.node()));
        nodes.clear();
        work.close();
        closeQuietly(lock);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn("could not be closed cleanly", e);
        }
    }
}
