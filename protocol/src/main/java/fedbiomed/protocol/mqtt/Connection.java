package fedbiomed.protocol.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientAutoReconnect;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One MQTT 5 connection that comes back by itself, with QoS 1 and acknowledgement only after the message was handled.
 * What is published while it is down is sent when it is up again.
 */
final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(200);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);
    private static final int KEEP_ALIVE_SECONDS = 15;
    /** Unhandled messages that the broker may have in flight to us; bounds our memory. */
    private static final int RECEIVE_MAXIMUM = 16;
    /**
     * Larger ones the broker drops without a word, so this is more than it takes from anyone unless told otherwise: what
     * is larger than an envelope comes, and is answered.
     */
    private static final int MAX_PACKET_BYTES = 2 * Envelope.MAX_BYTES;

    private static final Duration BETWEEN_COMPLAINTS = Duration.ofMinutes(1);
    private static final int SUBSCRIBE_SECONDS = 30;
    private static final long FIRST_RESEND_MILLIS = 250;
    private static final long LONGEST_RESEND_MILLIS = 5_000;

    private final String clientId;
    private final FederationAddress address;
    private final List<String> subscriptions;
    private final Consumer<Mqtt5Publish> handler;
    private final Runnable onConnected;
    private final ExecutorService inbound = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("mqtt-inbound-", 0).factory());
    private final ExecutorService outbound = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch firstConnected = new CountDownLatch(1);
    private final Duration sessionExpiry;
    private final @Nullable Mqtt5Publish will;
    private volatile Mqtt5AsyncClient client;
    /** Counts clients: what an earlier one reports no longer matters. */
    private volatile long generation;

    private volatile boolean closed;
    private volatile boolean connected;
    private volatile String lastComplaint = "";
    private final Map<String, Instant> told = new ConcurrentHashMap<>();

    Connection(
            String clientId,
            FederationAddress address,
            TransportIdentity transport,
            Duration sessionExpiry,
            @Nullable Mqtt5Publish will,
            List<String> subscriptions,
            Consumer<Mqtt5Publish> handler,
            Runnable onConnected) {
        this.subscriptions = List.copyOf(subscriptions);
        this.handler = handler;
        this.onConnected = onConnected;
        this.sessionExpiry = sessionExpiry;
        this.will = will;
        this.clientId = clientId;
        this.address = address;
        this.client = client(transport);
    }

    private Mqtt5AsyncClient client(TransportIdentity transport) {
        long mine = ++generation;
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost(address.mqttHost())
                .serverPort(address.mqttPort())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(transport.keyManagerFactory())
                        .trustManagerFactory(transport.trustManagerFactory())
                        .protocols(List.of(TransportIdentity.TLS))
                        .build())
                .automaticReconnect(MqttClientAutoReconnect.builder()
                        .initialDelay(FIRST_RETRY.toMillis(), TimeUnit.MILLISECONDS)
                        .maxDelay(LONGEST_RETRY.toMillis(), TimeUnit.MILLISECONDS)
                        .build())
                .addConnectedListener(_ -> outbound.execute(() -> afterConnect(mine)))
                .addDisconnectedListener(context -> afterDisconnect(mine, context))
                // here and not with the first connect(): of that one's the client forgets the will when it reconnects
                .willPublish(will)
                .buildAsync();
    }

    /**
     * Goes on with another certificate: a connection shows the one that it began with. What is being published goes with
     * the next connection, and the session, where there is one, is taken up again.
     */
    synchronized void renew(TransportIdentity transport) {
        if (closed) {
            return;
        }
        var before = client;
        client = client(transport);
        connected = false;
        await(before.disconnect());
        open();
    }

    synchronized void open() {
        client.publishes(MqttGlobalPublishFilter.ALL, this::receive, this::inTurn, true);
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(sessionExpiry.toSeconds())
                .keepAlive(KEEP_ALIVE_SECONDS)
                .restrictions()
                .receiveMaximum(RECEIVE_MAXIMUM)
                .maximumPacketSize(MAX_PACKET_BYTES)
                .applyRestrictions()
                .send()
                .exceptionally(failure -> {
                    complain(failure);
                    return null;
                });
    }

    private void afterConnect(long mine) {
        try {
            for (var topic : subscriptions) {
                subscribe(topic);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException | TimeoutException e) {
            // the connection broke, and the next one subscribes, or the broker is slow: then once more
            if (mine == generation && client.getState().isConnected()) {
                LOG.warn("the broker does not take the subscriptions ({}); trying again", cause(e).toString());
                sleep(FIRST_RETRY.toMillis());
                afterConnect(mine);
            }
            return;
        }
        if (mine == generation && client.getState().isConnected()) {
            lastComplaint = "";
            connected = true;
            onConnected.run();
            firstConnected.countDown();
        }
    }

    private void subscribe(String topic) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            client.subscribeWith()
                    .topicFilter(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send()
                    .get(SUBSCRIBE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(cause(e) instanceof Mqtt5SubAckException)) {
                throw e;
            }
            // this does not come right by waiting, and what can be sent still is
            LOG.warn("connected to the broker, which refuses the subscription to {}", topic);
        }
    }

    private void afterDisconnect(long mine, MqttClientDisconnectedContext context) {
        if (mine != generation) {
            return;
        }
        connected = false;
        if (!closed) {
            complain(context.getCause());
        }
    }

    /** Says once what is wrong, not at every attempt. */
    private void complain(Throwable failure) {
        var complaint = explained(cause(failure));
        if (!closed && !complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.warn("no connection to the broker ({}); trying again", complaint);
        }
    }

    /** For the person who reads a node's log: the libraries' class names mean nothing there. */
    private static String explained(Throwable failure) {
        var message = failure.getMessage();
        if (failure instanceof UnknownHostException) {
            return "unknown host " + message;
        }
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    /** The client has a last word for its listener, that the session is over, when nobody listens any more. */
    private void inTurn(Runnable task) {
        try {
            inbound.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed already: {}", e.toString());
        }
    }

    private void receive(Mqtt5Publish publish) {
        try {
            handler.accept(publish);
        } catch (RuntimeException e) {
            LOG.error("a message on {} could not be handled", publish.getTopic(), e);
        } finally {
            publish.acknowledge();
        }
    }

    boolean connected() {
        return connected;
    }

    boolean awaitConnected(long millis) throws InterruptedException {
        return firstConnected.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Publishes now if connected. */
    CompletableFuture<?> publish(Mqtt5Publish publish) {
        return client.publish(publish)
                .thenAccept(result -> result.getError().ifPresent(error -> {
                    throw new IllegalStateException(error);
                }));
    }

    /** Publishes, again and again if it must be, until the broker has it. */
    CompletableFuture<Void> publishUntil(Mqtt5Publish publish, Instant expires, Clock clock) {
        return CompletableFuture.runAsync(() -> publishPatiently(publish, expires, clock), outbound);
    }

    private void publishPatiently(Mqtt5Publish publish, Instant expires, Clock clock) {
        long pause = FIRST_RESEND_MILLIS;
        var obstacle = "there was no connection to the broker";
        while (true) {
            long millisLeft = Duration.between(clock.instant(), expires).toMillis();
            if (closed || millisLeft <= 0) {
                throw new CompletionException(new TimeoutException(
                        closed
                                ? "the connection was closed before the message could be sent"
                                : "the message expired before the broker took it: " + obstacle));
            }
            try {
                publish(publish).get(Math.min(millisLeft, 60_000), TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            } catch (Exception e) {
                var refusal = refusal(e);
                if (refusal.isEmpty()) {
                    LOG.debug("publish to {} did not succeed yet: {}", publish.getTopic(), cause(e).toString());
                } else {
                    tell(publish.getTopic() + " waits here: " + refusal, clock.instant());
                    obstacle = refusal;
                }
                sleep(pause);
                // the connection comes back by itself; a broker that refuses is given time
                pause = refusal.isEmpty() ? FIRST_RESEND_MILLIS : Math.min(2 * pause, LONGEST_RESEND_MILLIS);
            }
        }
    }

    /** Of many messages that wait for the same room, one line a minute. */
    private void tell(String what, Instant now) {
        var last = told.get(what);
        if (last == null || last.plus(BETWEEN_COMPLAINTS).isBefore(now)) {
            told.put(what, now);
            LOG.warn("a message to {}", what);
        }
    }

    /** What the broker says against the message; empty where there was only no connection. */
    private static String refusal(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Mqtt5PubAckException refused) {
                return switch (refused.getMqttMessage().getReasonCode()) {
                    case QUOTA_EXCEEDED -> "its inbox at the Network is full, or the Network's disk";
                    case NOT_AUTHORIZED ->
                        "the Network does not let this party write there; has it left the federation?";
                    default ->
                        "the broker refuses it (" + refused.getMqttMessage().getReasonCode() + ")";
                };
            }
        }
        return "";
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Throwable cause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null
                && (cause instanceof ExecutionException || cause instanceof CompletionException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static void await(CompletableFuture<Void> disconnected) {
        try {
            disconnected.get(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the connection was down already: {}", cause(e).toString());
        }
    }

    /** Ends the session too: the next connection of a researcher's program has another client id. */
    @Override
    public synchronized void close() {
        closed = true;
        await(client.disconnectWith().sessionExpiryInterval(0).send());
        inbound.shutdownNow();
        outbound.shutdownNow();
    }
}
