package fedbiomed.researcher;

import fedbiomed.protocol.ConnectionProblem;
import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.audit.NetworkWitness;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.CertificateRenewal;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A researcher's place in the federation: keys, connection, and the nodes that it sees. Thread-safe. */
public final class Researcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Researcher.class);

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(30);
    /** A Network that is there takes a party in within moments; then it is looked at what keeps it from doing so. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    private final Identity identity;
    private final TrustedParties trusted;
    private final Federation federation;
    private final Correspondence correspondence;
    private final ParameterStore store;
    private final AutoCloseable renewal;
    private final PublishedModels published;
    private final AuditHeads auditHeads;
    private final Clock clock;
    private final ResearcherConfig config;
    private final Durability durability;
    private final List<BiConsumer<PartyId, Message.Scalars>> scalarListeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    private Researcher(
            Identity identity,
            TrustedParties trusted,
            Federation federation,
            ParameterStore store,
            AutoCloseable renewal,
            PublishedModels published,
            AuditHeads auditHeads,
            ResearcherConfig config,
            Durability durability,
            Clock clock) {
        this.identity = identity;
        this.trusted = trusted;
        this.federation = federation;
        this.store = store;
        this.renewal = renewal;
        this.published = published;
        this.config = config;
        this.durability = durability;
        this.clock = clock;
        this.auditHeads = auditHeads;
        this.correspondence = new Correspondence(federation, trusted, clock);
        correspondence.onReply(auditHeads::saw);
        federation.onScalars((node, scalars) -> scalarListeners.forEach(listener -> listener.accept(node, scalars)));
    }

    /**
     * Connects to the federation.
     *
     * @throws FedbiomedException if {@code home} was not made by {@code init}, or the Network cannot be reached
     */
    public static Researcher open(Path home) {
        return open(home, Clock.systemUTC());
    }

    public static Researcher open(Path home, Clock clock) {
        var config = ResearcherConfig.file().read(home, System.getenv());
        var identity = Identity.load(PartyHome.ofResearcher(home).require());
        var transport = transport(home, clock);
        var address = FederationAddress.load(home);
        var trusted = new TrustedParties(home, clock);
        var store = new ParameterStoreClient(transport, address, config.networkPatience());
        store.witnessedBy(new NetworkWitness(home));
        var federation = new MqttFederation(identity, trusted, transport, address, store::epoch, clock);
        var renewal = new CertificateRenewal(home, transport, clock, renewed -> {
            store.renew(renewed);
            federation.renew(renewed);
        });
        var researcher = new Researcher(
                identity,
                trusted,
                federation,
                store,
                renewal,
                new PublishedModels(store),
                new AuditHeads(home),
                config,
                Durability.POWER_CUT,
                clock);
        try {
            federation.open();
            researcher.awaitConnection(store, transport, address);
            return researcher;
        } catch (RuntimeException e) {
            researcher.close();
            throw e;
        }
    }

    /**
     * One that stands on other ground than the Network, as a simulation's.
     *
     * @param home for what it remembers of nodes
     * @param durability what its answers outlive
     */
    public static Researcher on(
            Path home,
            TrustedParties trusted,
            Federation federation,
            ParameterStore store,
            ResearcherConfig config,
            Durability durability,
            Clock clock) {
        var researcher = new Researcher(
                federation.identity(),
                trusted,
                federation,
                store,
                () -> {},
                new PublishedModels(store),
                new AuditHeads(home),
                config,
                durability,
                clock);
        federation.open();
        return researcher;
    }

    private static TransportIdentity transport(Path home, Clock clock) {
        var held = TransportIdentity.load(home);
        try {
            return EnrolmentClient.renewIfDue(home, clock);
        } catch (FedbiomedException e) {
            if (clock.instant().isAfter(held.expires())) {
                throw new FedbiomedException(
                        ErrorCode.EXPIRED,
                        "this researcher's certificate expired at " + held.expires()
                                + "; ask the Network's administrator for a new invitation",
                        e);
            }
            LOG.warn("the certificate is valid until {}, but could not be renewed: {}", held.expires(), e.text());
            return held;
        }
    }

    private void awaitConnection(ParameterStoreClient store, TransportIdentity transport, FederationAddress address) {
        try {
            var patience = config.networkPatience().compareTo(LONGEST_CONNECT) < 0
                    ? config.networkPatience()
                    : LONGEST_CONNECT;
            long start = System.nanoTime();
            long look = Math.min(patience.toMillis(), FIRST_LOOK.toMillis());
            while (!federation.awaitConnected(look)) {
                var problem = ConnectionProblem.find(store, transport, address, clock);
                look = patience.toMillis()
                        - Duration.ofNanos(System.nanoTime() - start).toMillis();
                if (problem.lasting() || look <= 0) {
                    throw new FedbiomedException(
                            ErrorCode.PARAMETERS_UNAVAILABLE, "no connection to the Network: " + problem.text());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted while connecting", e);
        }
    }

    public PartyId party() {
        return identity.party();
    }

    public Identity identity() {
        return identity;
    }

    /**
     * What the nodes offer that has all {@code tags}; without tags everything. Waits for all nodes that are online. Where
     * no dataset has these tags, the silences say which tags there are.
     */
    public Datasets datasets(String... tags) {
        var search =
                new DatasetSearch(correspondence, this::nodes, federation.knowsPresence(), config.searchPatience());
        var found = search.search(new TreeSet<>(List.of(tags)));
        return tags.length > 0 && found.offered().isEmpty()
                ? found.withTagsOf(search.search(new TreeSet<>()), List.of(tags))
                : found;
    }

    /** Nodes that are there, or were, or are trusted; in order. */
    public List<NodeView> nodes() {
        var presence = federation.presence();
        var entries = trusted.entries();
        var names = new TreeSet<>(presence.keySet());
        names.addAll(entries.keySet());
        names.remove(party());
        var heads = auditHeads.all();
        var views = new ArrayList<NodeView>();
        for (var name : names) {
            var entry = entries.get(name);
            var there = presence.get(name);
            var keys = there != null && there.keys() != null ? there.keys() : entry == null ? null : entry.seen();
            views.add(new NodeView(
                    name,
                    there != null && there.online(),
                    entry == null ? TrustState.UNKNOWN : entry.state(),
                    keys != null ? keys.fingerprint() : entry == null ? null : entry.trusted(),
                    heads.get(name.value())));
        }
        return views;
    }

    public boolean online(PartyId node) {
        return federation.online(node);
    }

    /** Whether this researcher itself is connected; while it is not, {@link #online} tells nothing. */
    public boolean connected() {
        return federation.connected();
    }

    public TrustedParties trusted() {
        return trusted;
    }

    public Correspondence correspondence() {
        return correspondence;
    }

    public ParameterStore store() {
        return store;
    }

    public PublishedModels published() {
        return published;
    }

    /** How long nodes' answers to short questions are waited for. */
    public Duration searchPatience() {
        return config.searchPatience();
    }

    /** What the files outlive that hold this researcher's answers. */
    public Durability durability() {
        return durability;
    }

    public Clock clock() {
        return clock;
    }

    /** Numbers of running trainings, from trusted nodes. @return ends the listening */
    public Runnable onScalars(BiConsumer<PartyId, Message.Scalars> listener) {
        scalarListeners.add(listener);
        return () -> scalarListeners.remove(listener);
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        try {
            renewal.close();
        } catch (Exception e) {
            LOG.warn("the renewal of the certificate could not be ended cleanly", e);
        }
        correspondence.close();
        federation.close();
        store.close();
        auditHeads.write();
    }
}
