package fedbiomed.protocol.mqtt;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.lifecycle.MqttClientAutoReconnect;
import com.hivemq.client.mqtt.lifecycle.MqttClientDisconnectedContext;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
    /** Unhandled messages that the broker may have in flight to us; bounds our memory at {@code 32 * MAX_BYTES}. */
    private static final int RECEIVE_MAXIMUM = 32;

    private static final long RESEND_MILLIS = 250;

    private final Mqtt5AsyncClient client;
    private final List<String> subscriptions;
    private final Consumer<Mqtt5Publish> handler;
    private final Runnable onConnected;
    private final ExecutorService inbound = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("mqtt-inbound-", 0).factory());
    private final ExecutorService outbound = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch firstConnected = new CountDownLatch(1);
    private final Duration sessionExpiry;
    private volatile boolean closed;
    private volatile boolean connected;
    private volatile String lastComplaint = "";

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
        this.client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost(address.mqttHost())
                .serverPort(address.mqttPort())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(transport.keyManagerFactory())
                        .trustManagerFactory(transport.trustManagerFactory())
                        .protocols(List.of("TLSv1.3"))
                        .build())
                .automaticReconnect(MqttClientAutoReconnect.builder()
                        .initialDelay(FIRST_RETRY.toMillis(), TimeUnit.MILLISECONDS)
                        .maxDelay(LONGEST_RETRY.toMillis(), TimeUnit.MILLISECONDS)
                        .build())
                .addConnectedListener(_ -> outbound.execute(this::afterConnect))
                .addDisconnectedListener(this::afterDisconnect)
                // here and not with the first connect(): of that one's the client forgets the will when it reconnects
                .willPublish(will)
                .buildAsync();
    }

    void open() {
        client.publishes(MqttGlobalPublishFilter.ALL, this::receive, inbound, true);
        client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(sessionExpiry.toSeconds())
                .keepAlive(KEEP_ALIVE_SECONDS)
                .restrictions()
                .receiveMaximum(RECEIVE_MAXIMUM)
                .maximumPacketSize(Envelope.MAX_BYTES + 4096)
                .applyRestrictions()
                .send()
                .exceptionally(failure -> {
                    complain(failure);
                    return null;
                });
    }

    private void afterConnect() {
        try {
            for (var topic : subscriptions) {
                client.subscribeWith()
                        .topicFilter(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send()
                        .get(30, TimeUnit.SECONDS);
            }
            lastComplaint = "";
            connected = true;
            onConnected.run();
            firstConnected.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            if (!closed) {
                LOG.warn("connected to the broker, but cannot subscribe to {}: {}", subscriptions, cause(e).toString());
                connected = true; // a refused subscription does not come right by waiting; what can be sent still is
                firstConnected.countDown();
            }
        }
    }

    private void afterDisconnect(MqttClientDisconnectedContext context) {
        connected = false;
        if (!closed) {
            complain(context.getCause());
        }
    }

    /** Says once what is wrong, not at every attempt. */
    private void complain(Throwable failure) {
        var complaint = cause(failure).getClass().getSimpleName() + ": "
                + cause(failure).getMessage();
        if (!closed && !complaint.equals(lastComplaint)) {
            lastComplaint = complaint;
            LOG.warn("no connection to the broker ({}); trying again", complaint);
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
    CompletableFuture<Void> publishUntil(Mqtt5Publish publish, Instant expires, java.time.Clock clock) {
        return CompletableFuture.runAsync(
                () -> {
                    while (true) {
                        long millisLeft =
                                Duration.between(clock.instant(), expires).toMillis();
                        if (closed || millisLeft <= 0) {
                            throw new java.util.concurrent.CompletionException(new TimeoutException(
                                    closed
                                            ? "the connection was closed before the message could be sent"
                                            : "the message expired before the broker could be reached"));
                        }
                        try {
                            publish(publish).get(Math.min(millisLeft, 60_000), TimeUnit.MILLISECONDS);
                            return;
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new java.util.concurrent.CompletionException(e);
                        } catch (Exception e) {
                            LOG.debug("publish to {} did not succeed yet: {}", publish.getTopic(), cause(e).toString());
                            pause();
                        }
                    }
                },
                outbound);
    }

    private static void pause() {
        try {
            Thread.sleep(RESEND_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Throwable cause(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null
                && (cause instanceof java.util.concurrent.ExecutionException
                        || cause instanceof java.util.concurrent.CompletionException)) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        closed = true;
        try {
            client.disconnect().get(3, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.debug("the connection was down already: {}", cause(e).toString());
        }
        inbound.shutdownNow();
        outbound.shutdownNow();
    }
}
