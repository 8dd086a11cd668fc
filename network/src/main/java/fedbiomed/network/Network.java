package fedbiomed.network;

import fedbiomed.network.broker.Broker;
import fedbiomed.network.broker.EmbeddedBroker;
import fedbiomed.network.broker.ExternalBroker;
import fedbiomed.network.enrolment.CaPassphrase;
import fedbiomed.network.enrolment.CertificateAuthority;
import fedbiomed.network.enrolment.Enrolment;
import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.RegisteredParty;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.network.store.AuditedStore;
import fedbiomed.network.store.EntryStore;
import fedbiomed.network.store.FolderStore;
import fedbiomed.network.store.Metrics;
import fedbiomed.network.store.ParameterStoreApi;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meeting point of a federation, running: broker, parameter store and enrolment over one home folder.
 * <pre>{@code
 * Network.init(home, NetworkConfig.DEFAULTS.withPorts(0, 0));
 * try (var network = Network.start(home)) {
 *     var identity = EnrolmentClient.enrol(network.invite(Role.NODE, PartyId.of("hospital-a")), nodeHome, clock);
 * }
 * }</pre>
 */
public final class Network implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    /** A revocation by another process holds at the broker within this time; at the store at once. */
    private static final long WATCH_MILLIS = 500;

    private static final long SWEEP_MINUTES = 10;
    /** How often it is seen to that the Network's own certificate lasts. */
    private static final long OWN_CERTIFICATE_HOURS = 12;

    private static final int EPOCH_BYTES = 8;

    private final Path home;
    private final NetworkConfig config;
    private final HomeLock lock;
    private final PartyRegister register;
    private final CertificateAuthority ca;
    private final Enrolment enrolment;
    private final EntryStore store;
    private final Broker broker;
    private final ParameterStoreApi api;
    private final String epoch;
    private final ScheduledExecutorService scheduler;
    private final Clock clock;
    private final AuditLog audit;
    private final AuditTally counted;
    private ServerIdentity identity;
    private long seenVersion;

    /** Makes a home: the CA with its key, and {@code config.yaml}. */
    public static void init(Path home, NetworkConfig config) {
        init(home, config, Clock.systemUTC());
    }

    public static void init(Path home, NetworkConfig config, Clock clock) {
        init(home, config, CaPassphrase.of(home, config.caPassphraseFile(), System.getenv()), clock);
    }

    /** @param passphrase with which the CA's key is encrypted */
    public static void init(Path home, NetworkConfig config, CaPassphrase passphrase, Clock clock) {
        if (Files.exists(home.resolve(HomeConfig.FILE))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    home + " is a Network's home already; give another --home, or change its " + HomeConfig.FILE);
        }
        try {
            AtomicFiles.createOwnerOnlyFolder(home);
            if (!Files.exists(home.resolve("ca"))) {
                CertificateAuthority.create(home, passphrase, clock, new SecureRandom());
            }
            PartyRegister.open(home, clock).close();
            // last: a home without it is none, and init may be tried again
            NetworkConfig.file().write(home, config);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "cannot make the home " + home + " (" + e.getMessage() + ")", e);
        }
    }

    /** Starts the Network of {@code home} with the environment's overrides. */
    public static Network start(Path home) {
        return start(home, System.getenv(), Clock.systemUTC());
    }

    /** @throws FedbiomedException when the home is none, is in use, or a port is taken */
    public static Network start(Path home, Map<String, String> environment, Clock clock) {
        return start(home, environment, clock, UnaryOperator.identity());
    }

    /** As above; {@code passphrase} may add another way to the one of the CA's key: to ask a person. */
    public static Network start(
            Path home, Map<String, String> environment, Clock clock, UnaryOperator<CaPassphrase> passphrase) {
        var config = NetworkConfig.read(home, environment);
        var lock = HomeLock.take(home);
        try (var opening = new Opening()) {
            opening.add(lock);
            var secret = passphrase.apply(CaPassphrase.of(home, config.caPassphraseFile(), environment));
            var network = new Network(home, config, secret, lock, clock, opening);
            opening.keep();
            return network;
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the Network cannot use its home " + home + " (" + e.getMessage() + ")", e);
        }
    }

    private Network(
            Path home, NetworkConfig config, CaPassphrase passphrase, HomeLock lock, Clock clock, Opening opening)
            throws IOException {
        this.home = home;
        this.config = config;
        this.lock = lock;
        this.clock = clock;
        var random = new SecureRandom();
        audit = AuditLog.ofNetwork(home, clock);
        audit.append(AuditEvent.byOperator(AuditKind.NETWORK_STARTED)
                .config(Sha256.of(config.toString()))
                .build());
        counted = opening.add(new AuditTally(audit, AuditTally.WINDOW));
        ca = CertificateAuthority.load(home, passphrase, clock, random);
        ca.open();
        identity = ServerIdentity.ready(home, ca, config.hosts(), clock);
        register = opening.add(PartyRegister.open(home, clock));
        enrolment = new Enrolment(ca, register, clock, random, audit);
        var epochBytes = new byte[EPOCH_BYTES];
        random.nextBytes(epochBytes);
        epoch = HexFormat.of().formatHex(epochBytes);
        store = opening.add(
                new AuditedStore(new FolderStore(home.resolve("store"), limits(config), clock), audit, counted));
        broker = opening.add(broker(random));
        var metrics = new Metrics();
        metrics.counter("broker_connections_refused_total", broker::refusedConnections);
        metrics.counter("broker_pauses_total", broker::pauses);
        metrics.gauge("broker_connections", broker::connections);
        metrics.gauge("parties", () -> register.access().parties().size());
        metrics.gauge("store_entries", () -> store.usage().entries());
        metrics.gauge("store_entry_bytes", () -> store.usage().entryBytes());
        metrics.gauge("store_unfinished_uploads", () -> store.usage().unfinished());
        var parts = new ParameterStoreApi.Parts(
                store, audit, counted, metrics, version(), epoch, this::address, this::registerChanged, clock);
        api = opening.add(ParameterStoreApi.start(
                config.bind(),
                config.storePort(),
                config.idleTimeout(),
                config.limits(),
                identity,
                register,
                enrolment,
                parts));
        AtomicFiles.write(home.resolve(RunningPorts.FILE), Json.bytes(new RunningPorts(api.port(), broker.port())));
        seenVersion = register.access().version();
        scheduler = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("network-watch").daemon().factory());
        scheduler.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        scheduler.scheduleWithFixedDelay(
                this::renewIfDue, OWN_CERTIFICATE_HOURS, OWN_CERTIFICATE_HOURS, TimeUnit.HOURS);
        scheduler.scheduleWithFixedDelay(this::sweep, SWEEP_MINUTES, SWEEP_MINUTES, TimeUnit.MINUTES);
    }

    private static FolderStore.Limits limits(NetworkConfig config) {
        var quotas = config.quotas();
        return new FolderStore.Limits(
                quotas.entry().bytes(),
                quotas.party().bytes(),
                quotas.total().bytes(),
                config.diskReserve().bytes(),
                quotas.timeToLive(),
                quotas.unfinished());
    }

    private Broker broker(SecureRandom random) {
        if (config.broker().kind() == NetworkConfig.BrokerKind.EXTERNAL) {
            var external = new ExternalBroker(
                    config.broker().externalPort(),
                    identity,
                    this::writeBrokerConfig,
                    config.broker().onChange());
            external.registerChanged();
            return external;
        }
        return EmbeddedBroker.start(
                new EmbeddedBroker.Settings(
                        home.resolve("broker"),
                        config.bind(),
                        config.mqttPort(),
                        Math.toIntExact(config.maxMessage().bytes()),
                        config.inbox().messages(),
                        config.inbox().size().bytes(),
                        config.sessionExpiry(),
                        config.diskReserve().bytes(),
                        config.limits()),
                identity,
                register,
                random,
                counted,
                clock);
    }

    private void writeBrokerConfig(ServerIdentity current) {
        if (!config.broker().configFolder().isEmpty()) {
            NetworkHome.mosquitto(config).write(home.resolve(config.broker().configFolder()), current, ca, register);
        }
    }

    private static String version() {
        var version = Network.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** An invitation for one party, good once and for the configured time. */
    public Invitation invite(Role role, PartyId party) {
        return invite(role, party, config.invitationValidity());
    }

    public Invitation invite(Role role, PartyId party, Duration validity) {
        return enrolment.invite(role, party, validity, config.hosts().getFirst(), api.port());
    }

    /** Ends the party's access now, open connections included. @return whether it had any */
    public boolean revoke(PartyId party) {
        boolean revoked = enrolment.revoke(party);
        registerChanged();
        return revoked;
    }

    public List<RegisteredParty> parties() {
        return register.parties();
    }

    /** Where parties reach this Network: with the real ports, also where 0 was asked for. */
    public FederationAddress address() {
        var host = config.hosts().getFirst();
        var mqttHost = config.broker().kind() == NetworkConfig.BrokerKind.EXTERNAL
                ? config.broker().externalHost()
                : host;
        return new FederationAddress(host, api.port(), mqttHost, broker.port());
    }

    public String caFingerprint() {
        return ca.fingerprint();
    }

    /** Another at each start: presence that was said in an earlier one is stale. */
    public String epoch() {
        return epoch;
    }

    public Path home() {
        return home;
    }

    /** Removes what is past its time from the store; done every ten minutes as well. */
    public void sweep() {
        try {
            store.sweep();
        } catch (IOException | RuntimeException e) {
            LOG.error("the store's sweep failed; it is tried again", e);
        }
    }

    /** Renews the Network's own certificate when it is time; done twice a day as well. Parties keep their connections. */
    public synchronized void renewIfDue() {
        try {
            var current = ServerIdentity.ready(home, ca, config.hosts(), clock);
            if (!current.certificate().equals(identity.certificate())) {
                api.renew(current);
                broker.renew(current);
                identity = current;
                LOG.info("the Network's certificate was renewed");
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the Network's certificate could not be renewed; it is tried again", e);
        }
    }

    /** Acts on what other processes have changed and on what has expired; done twice a second. */
    void watch() {
        try {
            if (register.access().version() != seenVersion) {
                registerChanged();
            }
            broker.endExpired();
        } catch (RuntimeException e) {
            LOG.error("a change of the register could not be acted on; it is tried again", e);
        }
    }

    private synchronized void registerChanged() {
        long version = register.access().version();
        broker.registerChanged();
        seenVersion = version;
    }

    /** What is recorded last but for the lock's end. */
    private interface Stop extends AutoCloseable {
        @Override
        void close();
    }

    private void recordStop() {
        try {
            audit.append(AuditEvent.byOperator(AuditKind.NETWORK_STOPPED).build());
        } catch (FedbiomedException e) {
            LOG.error("the Network's stop could not be recorded: {}", e.text());
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try (lock;
                Stop _ = this::recordStop;
                counted;
                register;
                store;
                broker;
                api) {
            LOG.debug("stopping the Network of {}", home);
        }
    }
}
