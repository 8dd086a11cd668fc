package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.ConnectionFailedException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5SubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.network.BreakableConnection;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What each role may publish and read: the same for every broker, which its own test starts. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // by each broker's test, before all
abstract class TopicRules {
    /** Long enough for a slow, loaded machine; what comes at once on a fast one ends the wait. */
    static final int PATIENCE_SECONDS = 60;

    private final java.util.List<Mqtt5BlockingClient> connected = new java.util.ArrayList<>();

    TestFederation federation;
    TransportIdentity nodeA;
    TransportIdentity nodeB;
    TransportIdentity alice;
    TransportIdentity bob;

    /** The parties that there are when the broker starts: all but {@link #bob}. */
    void enrolFirst(TestFederation into) {
        federation = into;
        nodeA = federation.enrol(Role.NODE, "node-a");
        nodeB = federation.enrol(Role.NODE, "node-b");
        alice = federation.enrol(Role.RESEARCHER, "alice");
    }

    /** Who comes when it runs: {@link #bob}. */
    void enrolLast() {
        bob = federation.enrol(Role.RESEARCHER, "bob");
    }

    @AfterAll
    void closeFederation() {
        if (federation != null) {
            federation.close();
        }
    }

    abstract int port();

    Mqtt5BlockingClient connect(TransportIdentity identity) {
        var client = TestFederation.mqtt(identity, identity.party().value(), port());
        client.connectWith().cleanStart(true).sessionExpiryInterval(600).send();
        connected.add(client);
        return client;
    }

    void closeAfterwards(Mqtt5BlockingClient client) {
        connected.add(client);
    }

    @AfterEach
    void disconnect() {
        for (var client : connected) {
            try {
                client.disconnect();
            } catch (RuntimeException _) {
                // closed by the broker already, which is what some tests are about
            }
        }
        connected.clear();
    }

    @Test
    void researchersReachNodesAndNodesReachResearchers() throws Exception {
        arrives(alice, nodeA, "fedbiomed/v1/node/node-a/inbox", "fedbiomed/v1/node/node-a/inbox");
        arrives(nodeA, alice, "fedbiomed/v1/researcher/alice/inbox", "fedbiomed/v1/researcher/alice/inbox");
        arrives(nodeA, alice, "fedbiomed/v1/researcher/alice/monitor", "fedbiomed/v1/researcher/alice/monitor");
        arrives(nodeA, alice, "fedbiomed/v1/presence/node-a", "fedbiomed/v1/presence/+");
    }

    private void arrives(TransportIdentity from, TransportIdentity to, String topic, String filter) throws Exception {
        var receiver = connect(to);
        try (var messages = receiver.publishes(MqttGlobalPublishFilter.ALL)) {
            receiver.subscribeWith()
                    .topicFilter(filter)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            publish(connect(from), topic, "for " + topic);
            assertThat(next(messages, "for " + topic)).isTrue();
        }
        disconnect();
    }

    @Test
    void aNodeMayPublishNowhereElse() {
        var client = connect(nodeA);
        for (var topic : new String[] {
            "fedbiomed/v1/node/node-b/inbox",
            "fedbiomed/v1/node/node-a/inbox",
            "fedbiomed/v1/presence/node-b",
            "fedbiomed/v1/presence/alice",
            "fedbiomed/v1/researcher/nobody/inbox",
            "fedbiomed/v1/researcher/alice/other",
            "fedbiomed/v1/researcher/alice",
            "fedbiomed.v1.researcher.alice.inbox",
            "elsewhere"
        }) {
            publishIsRefused(client, topic);
        }
    }

    @Test
    void aResearcherMayPublishNowhereElse() {
        var client = connect(alice);
        for (var topic : new String[] {
            "fedbiomed/v1/researcher/bob/inbox",
            "fedbiomed/v1/researcher/bob/monitor",
            "fedbiomed/v1/presence/bob",
            "fedbiomed/v1/presence/node-a",
            "fedbiomed/v1/node/nobody/inbox",
            "elsewhere"
        }) {
            publishIsRefused(client, topic);
        }
    }

    private static void publishIsRefused(Mqtt5BlockingClient client, String topic) {
        assertThatThrownBy(() -> publish(client, topic, "x")).as(topic).isInstanceOf(Mqtt5PubAckException.class);
    }

    @Test
    void nobodyReadsAnothersTopics() throws Exception {
        readsNothing(
                nodeB,
                alice,
                "fedbiomed/v1/node/node-a/inbox",
                "fedbiomed/v1/node/node-a/inbox",
                "fedbiomed/v1/node/+/inbox",
                "fedbiomed/v1/#",
                "#",
                "$share/x/fedbiomed/v1/node/node-a/inbox");
        readsNothing(
                bob,
                nodeA,
                "fedbiomed/v1/researcher/alice/inbox",
                "fedbiomed/v1/researcher/alice/inbox",
                "fedbiomed/v1/researcher/+/inbox",
                "fedbiomed/v1/researcher/#");
        readsNothing(bob, nodeA, "fedbiomed/v1/researcher/alice/monitor", "fedbiomed/v1/researcher/+/monitor");
        readsNothing(
                nodeB, nodeA, "fedbiomed/v1/presence/node-a", "fedbiomed/v1/presence/+", "fedbiomed/v1/presence/#");
    }

    /** Brokers may refuse the subscription, end the connection, or deliver nothing: what counts is that nothing comes. */
    private void readsNothing(TransportIdentity spy, TransportIdentity from, String topic, String... filters)
            throws Exception {
        for (var filter : filters) {
            // without a session the client gives up what is unanswered when its connection ends
            var client = TestFederation.mqtt(spy, spy.party().value(), port());
            client.connect();
            connected.add(client);
            var own = "fedbiomed/v1/" + spy.role().lower() + "/" + spy.party() + "/inbox";
            try (var messages = client.publishes(MqttGlobalPublishFilter.ALL)) {
                client.subscribeWith()
                        .topicFilter(own)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
                try {
                    client.subscribeWith()
                            .topicFilter(filter)
                            .qos(MqttQos.AT_LEAST_ONCE)
                            .send();
                } catch (Mqtt5SubAckException _) {
                    // refused, and the connection lives on
                } catch (RuntimeException refused) {
                    await(filter)
                            .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .until(() -> !client.getState().isConnected());
                }
                publish(connect(from), topic, "secret");
                if (client.getState().isConnected()) {
                    // what is published after the secret comes after it: so the first to come must be this
                    publish(connect(spy.role() == Role.NODE ? alice : nodeA), own, "marker");
                    assertThat(messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                    .map(m -> new String(m.getPayloadAsBytes())))
                            .as(filter)
                            .hasValue("marker");
                }
            }
            disconnect();
        }
    }

    @Test
    void presenceIsRetainedAndTheLastWillIsPublishedWhenTheConnectionBreaks() throws Exception {
        var topic = "fedbiomed/v1/presence/node-a";
        try (var cable = new BreakableConnection(port())) {
            var node = TestFederation.mqtt(nodeA, "node-a", cable.port());
            node.connectWith()
                    .willPublish()
                    .topic(topic)
                    .payload("offline".getBytes())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .applyWillPublish()
                    .send();
            node.publishWith()
                    .topic(topic)
                    .payload("online".getBytes())
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .send();
            var watcher = connect(alice);
            try (var messages = watcher.publishes(MqttGlobalPublishFilter.ALL)) {
                watcher.subscribeWith()
                        .topicFilter("fedbiomed/v1/presence/+")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
                assertThat(next(messages, "online")).isTrue();
                cable.close();
                assertThat(next(messages, "offline")).isTrue();
            }
        }
        var later = connect(bob);
        try (var messages = later.publishes(MqttGlobalPublishFilter.ALL)) {
            later.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
            assertThat(messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS).map(m -> new String(m.getPayloadAsBytes())))
                    .hasValue("offline");
        }
    }

    private static boolean next(Mqtt5BlockingClient.Mqtt5Publishes messages, String payload)
            throws InterruptedException {
        for (Optional<Mqtt5Publish> m = messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS);
                m.isPresent();
                m = messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            if (new String(m.get().getPayloadAsBytes()).equals(payload)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aPartyCannotTakeAnothersSession() throws Exception {
        var victim = connect(nodeA);
        victim.subscribeWith()
                .topicFilter("fedbiomed/v1/node/node-a/inbox")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        victim.disconnect();
        publish(connect(alice), "fedbiomed/v1/node/node-a/inbox", "for a");
        var thief = TestFederation.mqtt(nodeB, "node-a", port());
        try (var messages = thief.publishes(MqttGlobalPublishFilter.ALL)) {
            try {
                thief.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
                connected.add(thief);
                assertThat(messages.receive(500, TimeUnit.MILLISECONDS)).isEmpty();
            } catch (Mqtt5ConnAckException | ConnectionFailedException _) {
                // refused: as good
            }
        }
        var back = TestFederation.mqtt(nodeA, "node-a", port());
        try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
            back.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
            connected.add(back);
            assertThat(next(messages, "for a")).isTrue();
        }
    }

    static void publish(Mqtt5BlockingClient client, String topic, String payload) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes())
                .send();
    }
}
