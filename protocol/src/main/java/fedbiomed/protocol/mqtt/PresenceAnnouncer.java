package fedbiomed.protocol.mqtt;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttUtf8String;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.Presence;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks for the Network's epoch after each connection, and says as a node that it is there, in that epoch. */
final class PresenceAnnouncer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PresenceAnnouncer.class);

    private static final Duration EPOCH_RETRY = Duration.ofMillis(300);
    private static final Duration PUBLISH_PATIENCE = Duration.ofSeconds(6);
    private static final long GOOD_BYE_PATIENCE_SECONDS = 2;
    /**
     * A node says again that it is there: Artemis 2.55 loses what becomes retained in the moment in which somebody
     * subscribes, and the last will of a broken connection may come after the word of the next.
     */
    private static final Duration FIRST_PRESENCE_AGAIN = Duration.ofSeconds(2);

    static final Duration PRESENCE_AGAIN = Duration.ofSeconds(30);

    private final Connection connection;
    private final @Nullable Identity node;
    private final Supplier<String> epoch;
    private final Consumer<String> epochIs;
    private final AtomicLong connections = new AtomicLong();
    /** So that nobody hears that this node is there after it has said good-bye. */
    private final Object announcing = new Object();

    private volatile boolean closed;

    /**
     * @param node the one that is there; {@code null} of a researcher, whose presence nobody asks for
     * @param epoch asks the Network
     * @param epochIs is told
     */
    PresenceAnnouncer(
            Connection connection, @Nullable Identity node, Supplier<String> epoch, Consumer<String> epochIs) {
        this.connection = connection;
        this.node = node;
        this.epoch = epoch;
        this.epochIs = epochIs;
    }

    static Mqtt5Publish goodBye(PartyId node) {
        return publish(node, new Presence(false, null, null));
    }

    private static Mqtt5Publish publish(PartyId node, Presence presence) {
        return Mqtt5Publish.builder()
                .topic(Topics.presence(node))
                .payload(Json.bytes(presence))
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .contentType(MqttUtf8String.of("application/json"))
                .build();
    }

    void connected() {
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
                    epochIs.accept(current);
                }
                if (node == null) {
                    return;
                }
                if (connection.connected()) {
                    announce(node, current, mine);
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

    private void announce(Identity self, String current, long mine) throws InterruptedException {
        CompletableFuture<?> sent;
        synchronized (announcing) {
            if (!isCurrent(mine)) {
                return;
            }
            sent = connection.publish(publish(self.party(), new Presence(true, current, self.keys())));
        }
        try {
            sent.get(PUBLISH_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the presence could not be published", e);
        }
    }

    /** Says good-bye. */
    @Override
    public void close() {
        synchronized (announcing) {
            closed = true;
        }
        if (node != null && connection.connected()) {
            try {
                connection.publish(goodBye(node.party())).get(GOOD_BYE_PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.debug("could not say good-bye: {}", e.toString());
            }
        }
    }
}
