package fedbiomed.protocol.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Presence;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Letter;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Federation} over the Network's MQTT broker. */
public final class MqttFederation implements Federation {
    private static final Logger LOG = LoggerFactory.getLogger(MqttFederation.class);
    private static final Pattern RESEARCHER_INBOX = Pattern.compile("fedbiomed/v1/researcher/([a-z0-9-]{1,63})/inbox");
    /**
     * A node's session ends with its connection: Artemis 2.55 keeps the last will of a session that lives on, and then
     * nobody would know that the node is gone. What was asked meanwhile is asked again when its presence says that it is
     * back ({@code Correspondence}).
     */
    private static final Duration NODE_SESSION = Duration.ZERO;
    /** A researcher's inbox need not: nodes send a reply again until it is acknowledged. */
    private static final Duration RESEARCHER_SESSION = Duration.ofHours(1);

    private static final long REFUSAL_LIFETIME_SECONDS = 600;
    private static final Duration SCALARS_LIFETIME = Duration.ofMinutes(1);

    /** More batches of scalars are not sent while so many are still on their way out: the line is slower than they are. */
    private static final int MONITOR_PLACES = 16;

    private final Semaphore monitorPlaces = new Semaphore(MONITOR_PLACES);
    private final Identity identity;
    private final TrustedParties trusted;
    private final Role role;
    private final Clock clock;
    private final IncomingMessages incoming;
    private final Connection connection;
    private final PresenceAnnouncer announcer;
    private final PresenceBoard board = new PresenceBoard(System::nanoTime);
    private volatile Consumer<Received> messageHandler = _ -> {};
    private volatile BiConsumer<PartyId, Message.Scalars> scalarsListener = (_, _) -> {};
    private volatile Runnable connectedListener = () -> {};
    private volatile Supplier<@Nullable AuditHead> audit = () -> null;
    /** So that of two messages the one that was sent later does not say the earlier head. */
    private final Object sealing = new Object();

    /** As below, for a program of which several may run with one home. */
    public MqttFederation(
            Identity identity,
            TrustedParties trusted,
            TransportIdentity transport,
            FederationAddress address,
            Supplier<String> epoch,
            Clock clock) {
        this(identity, trusted, transport, address, epoch, ReplayGuard.inMemory(), clock);
    }

    /**
     * @param epoch asks the Network for its epoch ({@code /v1/health}); called at every (re)connection
     * @param replays the messages that came before
     */
    public MqttFederation(
            Identity identity,
            TrustedParties trusted,
            TransportIdentity transport,
            FederationAddress address,
            Supplier<String> epoch,
            ReplayGuard replays,
            Clock clock) {
        this.identity = identity;
        this.trusted = trusted;
        this.role = transport.role();
        this.clock = clock;
        this.incoming = new IncomingMessages(identity, trusted, replays, clock);
        var self = identity.party();
        var node = role == Role.NODE;
        this.connection = new Connection(
                node
                        ? self.value()
                        : self.value() + "_" + UUID.randomUUID().toString().substring(0, 8),
                address,
                transport,
                node ? NODE_SESSION : RESEARCHER_SESSION,
                node ? PresenceAnnouncer.goodBye(self) : null,
                node
                        ? List.of(Topics.nodeInbox(self))
                        : List.of(Topics.researcherInbox(self), Topics.researcherMonitor(self), Topics.PRESENCE_ALL),
                this::receive,
                this::afterConnect);
        this.announcer = new PresenceAnnouncer(connection, node ? identity : null, epoch, board::epochIs);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public void onMessage(Consumer<Received> handler) {
        messageHandler = handler;
    }

    @Override
    public void onScalars(BiConsumer<PartyId, Message.Scalars> listener) {
        scalarsListener = listener;
    }

    @Override
    public void onPresence(BiConsumer<PartyId, Presence> listener) {
        board.onChange(listener);
    }

    @Override
    public void onConnected(Runnable listener) {
        connectedListener = listener;
    }

    @Override
    public void auditedBy(Supplier<@Nullable AuditHead> head) {
        audit = head;
    }

    @Override
    public void renew(TransportIdentity renewed) {
        connection.renew(renewed);
    }

    @Override
    public void open() {
        connection.open();
    }

    @Override
    public boolean connected() {
        return connection.connected();
    }

    @Override
    public boolean awaitConnected(long millis) throws InterruptedException {
        return connection.awaitConnected(millis);
    }

    @Override
    public SortedMap<PartyId, Presence> presence() {
        return board.effective();
    }

    /** Without looking at all others. */
    @Override
    public boolean online(PartyId party) {
        return board.online(party);
    }

    @Override
    public CompletableFuture<Void> send(Outgoing message, Instant expires) {
        var to = message.to();
        var keys = Optional.ofNullable(message.keys()).or(() -> trusted.sealingKeys(to));
        if (keys.isEmpty()) {
            return CompletableFuture.failedFuture(new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "the keys of '" + to + "' are not known here: it has not been connected to the Network since it"
                            + " was trusted. Ask again when it is"));
        }
        Envelope envelope;
        synchronized (sealing) {
            envelope = Envelope.seal(
                    identity,
                    new Envelope.Recipient(to, keys.get()),
                    message.name(),
                    new Letter(message.body(), message.enclosed(), audit.get()),
                    clock.instant(),
                    expires);
        }
        var self = identity.party();
        var publish = Mqtt5Publish.builder()
                .topic(role == Role.NODE ? Topics.researcherInbox(to) : Topics.nodeInbox(to))
                .payload(envelope.bytes())
                .qos(MqttQos.AT_LEAST_ONCE)
                .messageExpiryInterval(
                        Math.max(1, Duration.between(clock.instant(), expires).toSeconds()))
                .responseTopic(MqttTopic.of(role == Role.NODE ? Topics.nodeInbox(self) : Topics.researcherInbox(self)))
                .correlationData(message.name().getBytes(StandardCharsets.US_ASCII))
                .build();
        return connection.publishUntil(publish, expires, clock);
    }

    @Override
    public boolean monitor(PartyId researcher, Message.Scalars scalars) {
        var keys = trusted.sealingKeys(researcher);
        if (!connection.connected() || keys.isEmpty()) {
            return false;
        }
        var now = clock.instant();
        var envelope = Envelope.seal(
                identity,
                new Envelope.Recipient(researcher, keys.get()),
                Envelope.newName(),
                new Letter(MessageCodec.encode(scalars)),
                now,
                now.plus(SCALARS_LIFETIME));
        if (!monitorPlaces.tryAcquire()) {
            return false;
        }
        connection
                .publish(Mqtt5Publish.builder()
                        .topic(Topics.researcherMonitor(researcher))
                        .payload(envelope.bytes())
                        .qos(MqttQos.AT_MOST_ONCE)
                        .build())
                .whenComplete((_, _) -> monitorPlaces.release());
        return true;
    }

    private void afterConnect() {
        connectedListener.run();
        announcer.connected();
    }

    private void receive(Mqtt5Publish publish) {
        var topic = publish.getTopic().toString();
        if (topic.startsWith(Topics.PRESENCE_PREFIX)) {
            receivePresence(topic.substring(Topics.PRESENCE_PREFIX.length()), publish.getPayloadAsBytes());
            return;
        }
        try {
            incoming.receive(publish.getPayloadAsBytes(), this::handle);
        } catch (FedbiomedException e) {
            LOG.warn("refused a message on {}: {}", topic, e.text());
            refuse(publish, e);
        }
    }

    private void handle(Received received) {
        if (!(received.message() instanceof Message.Scalars scalars)) {
            messageHandler.accept(received);
        } else if (received.trust() == TrustState.TRUSTED) {
            scalarsListener.accept(received.from(), scalars);
        }
    }

    /** What cannot be read is answered where its sender said it listens; only a researcher's inbox may be named. */
    private void refuse(Mqtt5Publish publish, FedbiomedException why) {
        var reply = publish.getResponseTopic()
                .map(Object::toString)
                .map(RESEARCHER_INBOX::matcher)
                .filter(java.util.regex.Matcher::matches);
        if (role != Role.NODE || reply.isEmpty()) {
            return;
        }
        var name = publish.getCorrelationData()
                .map(data -> StandardCharsets.US_ASCII.decode(data).toString())
                .filter(Sha256::isHash)
                .orElse("");
        var researcher = PartyId.of(reply.get().group(1));
        var answer = new Outgoing(researcher, MessageCodec.encode(new Reply.Error("", name, why.code(), why.text())));
        // nobody may be answered whose keys are not known, nor can a message be sealed for no key
        var keys = trusted.sealingKeys(researcher).or(() -> Envelope.claimedKeys(publish.getPayloadAsBytes()));
        if (keys.isPresent()) {
            send(answer.sealedFor(keys.get()), clock.instant().plusSeconds(REFUSAL_LIFETIME_SECONDS));
        }
    }

    private void receivePresence(String party, byte[] payload) {
        if (payload.length == 0) {
            // the end of what was retained
            return;
        }
        try {
            var presence = Presence.read(payload);
            var id = PartyId.of(party);
            if (presence.keys() != null) {
                trusted.seen(id, presence.keys());
            }
            board.says(id, presence);
        } catch (FedbiomedException | IllegalArgumentException e) {
            LOG.warn("the presence of '{}' is not readable; it counts as absent", Text.shown(party));
        }
    }

    @Override
    public void close() {
        announcer.close();
        connection.close();
    }
}
