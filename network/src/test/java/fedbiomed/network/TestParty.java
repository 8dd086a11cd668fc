package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A party with its own keys, trust and connection, over a real Network: what nodes and researchers are made of. */
public final class TestParty implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<Received> inbox = new LinkedBlockingQueue<>();
    private final Set<String> seen = new HashSet<>();
    private final Map<String, Instant> sent = new HashMap<>();
    private final Path home;
    private final Identity identity;
    private final TrustedParties trusted;
    private final TransportIdentity transport;
    private final ParameterStoreClient store;
    private final MqttFederation federation;
    private final Clock clock;

    public TestParty(TestFederation network, Role role, String name, Clock clock) {
        this.clock = clock;
        transport = network.enrol(role, name);
        home = network.home(name);
        identity = Identity.create(PartyId.of(name), home);
        trusted = new TrustedParties(home, clock);
        var address = network.network().address();
        store = new ParameterStoreClient(transport, address, Duration.ofSeconds(PATIENCE_SECONDS));
        federation = new MqttFederation(identity, trusted, transport, address, store::epoch, clock);
        federation.onMessage(inbox::add);
    }

    /** As one who is there. */
    public TestParty opened() throws InterruptedException {
        federation.open();
        assertThat(federation.awaitConnected(PATIENCE_SECONDS * 1000L)).isTrue();
        return this;
    }

    /** Each has compared the other's fingerprint. */
    public TestParty andTrusts(TestParty other) {
        trusted.trust(other.id(), other.identity.keys().fingerprint());
        other.trusted.trust(id(), identity.keys().fingerprint());
        return this;
    }

    private Received next() throws InterruptedException {
        var received = inbox.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (received == null) {
            throw new AssertionError("no message for " + id());
        }
        sent.put(
                received.id(), Instant.ofEpochMilli(received.envelope().header().sent()));
        return received;
    }

    /** The next message of another content than those that this method gave before: any may come more than once. */
    public Received nextNew() throws InterruptedException {
        var received = next();
        while (!seen.add(received.id())) {
            received = next();
        }
        return received;
    }

    /** When the last message with this id was sent, by its sender's clock, of those that were looked at. */
    public Instant lastSent(String id) {
        return sent.getOrDefault(id, Instant.MIN);
    }

    /** The next message with this id, whatever comes before. */
    public Received nextOf(String id) throws InterruptedException {
        var received = next();
        while (!received.id().equals(id)) {
            received = next();
        }
        seen.add(id);
        return received;
    }

    public void send(TestParty to, Message message) {
        federation.send(
                new Outgoing(to.id(), MessageCodec.encode(message)).sealedFor(to.identity.keys()),
                clock.instant().plusSeconds(600));
    }

    public PartyId id() {
        return identity.party();
    }

    public Path home() {
        return home;
    }

    public Identity identity() {
        return identity;
    }

    public TrustedParties trusted() {
        return trusted;
    }

    public TransportIdentity transport() {
        return transport;
    }

    public ParameterStoreClient store() {
        return store;
    }

    public MqttFederation federation() {
        return federation;
    }

    @Override
    public void close() {
        federation.close();
        store.close();
    }
}
