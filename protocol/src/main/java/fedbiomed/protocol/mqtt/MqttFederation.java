package fedbiomed.protocol.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Presence;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
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
    /** A sender's clock may be so much ahead of ours; more, and its message comes from the future. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);
    /**
     * A node's session ends with its connection: Artemis 2.55 keeps the last will of a session that lives on, and then
     * nobody would know that the node is gone. What was asked meanwhile is asked again when its presence says that it is
     * back ({@code Correspondence}).
     */
    private static final Duration NODE_SESSION = Duration.ZERO;
    /** A researcher's inbox need not: nodes send a reply again until it is acknowledged. */
    private static final Duration RESEARCHER_SESSION = Duration.ofHours(1);

    private static final long REFUSAL_LIFETIME_SECONDS = 600;
    private static final Duration EPOCH_RETRY = Duration.ofMillis(300);
    private static final Duration PUBLISH_PATIENCE = Duration.ofSeconds(6);
    /**
     * A node says again that it is there: Artemis 2.55 loses what becomes retained in the moment in which somebody
     * subscribes, and the last will of a broken connection may come after the word of the next.
     */
    private static final Duration FIRST_PRESENCE_AGAIN = Duration.ofSeconds(2);

    static final Duration PRESENCE_AGAIN = Duration.ofSeconds(30);

    private final Identity identity;
    private final TrustedParties trusted;
    private final Role role;
    private final Clock clock;
    private final Supplier<String> epoch;
    private final Connection connection;
    private final AtomicLong connections = new AtomicLong();
    /** So that nobody hears that this node is there after it has said good-bye. */
    private final Object announcing = new Object();

    private volatile boolean closed;
    private final PresenceBoard board = new PresenceBoard(System::nanoTime);
    private volatile Consumer<Received> messageHandler = _ -> {};
    private volatile BiConsumer<PartyId, Message.Scalars> scalarsListener = (_, _) -> {};
    private volatile Runnable connectedListener = () -> {};
    private volatile Supplier<@Nullable AuditHead> audit = () -> null;
    /** So that of two messages the one that was sent later does not say the earlier head. */
    private final Object sealing = new Object();

    /**
     * @param epoch asks the Network for its epoch ({@code /v1/health}); called at every (re)connection
     */
    public MqttFederation(
            Identity identity,
            TrustedParties trusted,
            TransportIdentity transport,
            FederationAddress address,
            Supplier<String> epoch,
            Clock clock) {
        this.identity = identity;
        this.trusted = trusted;
        this.role = transport.role();
        this.clock = clock;
        this.epoch = epoch;
        var self = identity.party();
        var node = role == Role.NODE;
        this.connection = new Connection(
                node
                        ? self.value()
                        : self.value() + "_" + UUID.randomUUID().toString().substring(0, 8),
                address,
                transport,
                node ? NODE_SESSION : RESEARCHER_SESSION,
                node ? presencePublish(new Presence(false, null, null)) : null,
                node
                        ? List.of(Topics.nodeInbox(self))
                        : List.of(Topics.researcherInbox(self), Topics.researcherMonitor(self), Topics.PRESENCE_ALL),
                this::receive,
                this::afterConnect);
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

    @Override
    public CompletableFuture<Void> send(PartyId to, byte[] body, Instant expires) {
        Envelope envelope;
        synchronized (sealing) {
            envelope = Envelope.seal(identity, to, body, clock.instant(), expires, audit.get());
        }
        var self = identity.party();
        var publish = Mqtt5Publish.builder()
                .topic(role == Role.NODE ? Topics.researcherInbox(to) : Topics.nodeInbox(to))
                .payload(envelope.bytes())
                .qos(MqttQos.AT_LEAST_ONCE)
                .messageExpiryInterval(
                        Math.max(1, Duration.between(clock.instant(), expires).toSeconds()))
                .responseTopic(MqttTopic.of(role == Role.NODE ? Topics.nodeInbox(self) : Topics.researcherInbox(self)))
                .correlationData(envelope.header().id().getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .build();
        return connection.publishUntil(publish, expires, clock);
    }

    @Override
    public boolean monitor(PartyId researcher, Message.Scalars scalars) {
        if (!connection.connected()) {
            return false;
        }
        var now = clock.instant();
        var envelope = Envelope.seal(identity, researcher, MessageCodec.encode(scalars), now, now.plusSeconds(60));
        connection.publish(Mqtt5Publish.builder()
                .topic(Topics.researcherMonitor(researcher))
                .payload(envelope.bytes())
                .qos(MqttQos.AT_MOST_ONCE)
                .build());
        return true;
    }

    private Mqtt5Publish presencePublish(Presence presence) {
        return Mqtt5Publish.builder()
                .topic(Topics.presence(identity.party()))
                .payload(Json.bytes(presence))
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .contentType(MqttUtf8String.of("application/json"))
                .build();
    }

    private void afterConnect() {
        connectedListener.run();
        long mine = connections.incrementAndGet();
        Thread.ofVirtual().name("presence").start(() -> {
            try {
                keepAnnouncing(mine);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /**
     * The broker may be up before the store that tells the epoch, and a node that never said its presence would count as
     * offline for as long as the connection lasts: so it is asked for until it is told, or the connection is another.
     */
    private void keepAnnouncing(long mine) throws InterruptedException {
        boolean complained = false;
        var again = FIRST_PRESENCE_AGAIN;
        String current = null;
        while (isCurrent(mine)) {
            try {
                if (current == null) {
                    current = epoch.get();
                    board.epochIs(current);
                }
                if (role != Role.NODE) {
                    return;
                }
                if (connection.connected()) {
                    announce(current, mine);
                }
                Thread.sleep(again);
                again = PRESENCE_AGAIN;
            } catch (RuntimeException e) {
                if (!complained && connection.connected()) {
                    LOG.warn(
                            "connected to the broker, but the Network's epoch is not known, or our presence not announced,"
                                    + " yet: {}",
                            e.toString());
                    complained = true;
                }
                Thread.sleep(EPOCH_RETRY);
            }
        }
    }

    private boolean isCurrent(long mine) {
        return mine == connections.get() && !closed;
    }

    private void announce(String current, long mine) throws InterruptedException {
        CompletableFuture<?> sent;
        synchronized (announcing) {
            if (!isCurrent(mine)) {
                return;
            }
            sent = connection.publish(presencePublish(new Presence(true, current, identity.keys())));
        }
        try {
            sent.get(PUBLISH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the presence could not be published", e);
        }
    }

    private void receive(Mqtt5Publish publish) {
        var topic = publish.getTopic().toString();
        if (topic.startsWith(Topics.PRESENCE_PREFIX)) {
            receivePresence(topic.substring(Topics.PRESENCE_PREFIX.length()), publish.getPayloadAsBytes());
            return;
        }
        try {
            var envelope = Envelope.open(publish.getPayloadAsBytes());
            checkAddress(envelope);
            var message = MessageCodec.decode(envelope.body());
            if (message instanceof Message.Scalars scalars) {
                if (trusted.state(envelope.header().from(), envelope.header().keys()) == TrustState.TRUSTED) {
                    scalarsListener.accept(envelope.header().from(), scalars);
                }
                return;
            }
            var from = envelope.header().from();
            trusted.seen(from, envelope.header().keys());
            messageHandler.accept(new Received(
                    envelope, message, trusted.state(from, envelope.header().keys())));
        } catch (FedbiomedException e) {
            LOG.warn("refused a message on {}: {}", topic, e.text());
            refuse(publish, e);
        }
    }

    private void checkAddress(Envelope envelope) {
        var header = envelope.header();
        if (!header.to().equals(identity.party())) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message is addressed to " + header.to() + ", not to " + identity.party());
        }
        var now = clock.millis();
        if (header.sent() > now + CLOCK_TOLERANCE.toMillis()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message comes from the future: sent "
                            + Duration.ofMillis(header.sent() - now).toSeconds() + " s after now by the clock of "
                            + identity.party()
                            + ". Set both clocks (NTP)");
        }
        if (header.expires() <= now) {
            throw new FedbiomedException(
                    ErrorCode.EXPIRED,
                    "the message expired "
                            + Duration.ofMillis(now - header.expires()).toSeconds() + " s ago; send it again");
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
        var correlation = publish.getCorrelationData()
                .map(data ->
                        java.nio.charset.StandardCharsets.US_ASCII.decode(data).toString())
                .filter(Sha256::isHash)
                .orElse("");
        send(
                PartyId.of(reply.get().group(1)),
                MessageCodec.encode(new Reply.Error(correlation, why.code(), why.text())),
                clock.instant().plusSeconds(REFUSAL_LIFETIME_SECONDS));
    }

    private void receivePresence(String party, byte[] payload) {
        try {
            if (payload.length > 0 && payload.length <= 4096) {
                var presence = Json.MAPPER.readValue(payload, Presence.class);
                var id = PartyId.of(party);
                if (presence.keys() != null) {
                    trusted.seen(id, presence.keys());
                }
                board.says(id, presence);
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn(
                    "the presence of '{}' is not readable; it counts as absent",
                    fedbiomed.vocabulary.Text.shown(party));
        }
    }

    @Override
    public void close() {
        synchronized (announcing) {
            closed = true;
        }
        if (role == Role.NODE && connection.connected()) {
            try {
                connection
                        .publish(presencePublish(new Presence(false, null, null)))
                        .get(2, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.debug("could not say good-bye: {}", e.toString());
            }
        }
        connection.close();
    }
}
