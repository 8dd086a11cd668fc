package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient.Mqtt5Publishes;
import com.hivemq.client.mqtt.mqtt5.message.disconnect.Mqtt5DisconnectReasonCode;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node and a researcher with valid certificates who try every form of every topic. After each attempt the victims get
 * their own messages and nothing else, and so does the party that made it.
 */
abstract class HostilePartyRules extends TopicRules {
    private static final String ROOT = "fedbiomed/v1/";
    private static final String NODE_INBOX = ROOT + "node/node-a/inbox";
    private static final String ALICE_INBOX = ROOT + "researcher/alice/inbox";
    private static final String ALICE_MONITOR = ROOT + "researcher/alice/monitor";
    private static final String NODE_PRESENCE = ROOT + "presence/node-a";
    private static final String ALL_PRESENCE = ROOT + "presence/+";

    private int attempts;

    /** How an attempt must end, beside that nothing comes of it. */
    enum Answer {
        /** The broker says no, or ends the connection. */
        REFUSED,
        /** The broker may say what it likes: Mosquitto grants any subscription and delivers nothing. */
        ANYTHING
    }

    interface Act {
        void by(TransportIdentity hostile, int port, Mqtt5BlockingClient connected);
    }

    record Attempt(Role role, String what, Answer expected, Act act) {
        @Override
        public String toString() {
            return role.lower() + ": " + what;
        }
    }

    static Stream<Attempt> attempts() {
        var all = new ArrayList<Attempt>();
        for (var role : Role.values()) {
            for (var filter : List.of(
                    "#",
                    "+",
                    "+/#",
                    "/#",
                    "fedbiomed/#",
                    "fedbiomed/+/#",
                    ROOT + "+/+/inbox",
                    ROOT + "+/+/+",
                    ROOT + "node/+/inbox",
                    ROOT + "researcher/+/inbox",
                    ROOT + "researcher/+/monitor",
                    ROOT + "researcher/alice/#",
                    ROOT + "researcher/alice/+",
                    NODE_INBOX,
                    NODE_INBOX + "/#",
                    ALICE_INBOX,
                    ALICE_MONITOR,
                    "fedbiomed.v1.node.node-a.inbox",
                    "fedbiomed.v1.#",
                    "fedbiomed/v1/node/*/inbox",
                    "fedbiomed/v1/>",
                    NODE_INBOX + "::node-a." + NODE_INBOX.replace('/', '.'),
                    "::node-a." + NODE_INBOX.replace('/', '.'),
                    "$SYS/#",
                    "$sys/#",
                    "$share/g/" + NODE_INBOX,
                    "$share/g/#",
                    "$queue/" + NODE_INBOX,
                    "$sys/mqtt/retain/" + NODE_PRESENCE)) {
                all.add(new Attempt(role, "subscribes " + filter, Answer.ANYTHING, subscribes(filter)));
            }
            for (var topic : List.of(
                    role == Role.NODE ? NODE_INBOX : ALICE_INBOX,
                    role == Role.NODE ? ROOT + "node/node-b/inbox/x" : ALICE_MONITOR,
                    NODE_PRESENCE,
                    NODE_PRESENCE + "/",
                    "/" + NODE_INBOX,
                    "/" + ALICE_INBOX,
                    ROOT + "presence/",
                    ROOT + "presence/*",
                    ROOT + "presence//node-a",
                    ROOT + "node//inbox",
                    ROOT + "node/*/inbox",
                    ROOT + "researcher/*/inbox",
                    ROOT + "researcher/*/monitor",
                    "FEDBIOMED/v1/node/node-a/inbox",
                    "fedbiomed/v2/node/node-a/inbox",
                    NODE_INBOX + " ",
                    NODE_INBOX.replace('/', '.'),
                    ALICE_INBOX.replace('/', '.'),
                    "fedbiomed/v1.node.node-a/inbox",
                    ROOT + "presence/" + own(role) + "::node-a." + NODE_INBOX.replace('/', '.'),
                    ROOT + "presence/" + own(role) + "::alice." + ALICE_INBOX.replace('/', '.'),
                    "$SYS/broker/clients",
                    "$share/g/" + NODE_INBOX,
                    "$sys/mqtt/retain/" + NODE_PRESENCE,
                    "activemq/management",
                    "activemq.management",
                    "x".repeat(300))) {
                all.add(new Attempt(role, "publishes to " + topic, Answer.REFUSED, publishes(topic, false)));
            }
            all.add(new Attempt(role, "retains another's presence", Answer.REFUSED, publishes(NODE_PRESENCE, true)));
            for (var topic : List.of(NODE_PRESENCE, role == Role.NODE ? NODE_INBOX : ALICE_INBOX, "$SYS/x", "x")) {
                all.add(new Attempt(role, "has its last will said at " + topic, Answer.ANYTHING, will(topic)));
            }
            for (var topic : List.of(
                    ROOT + "node/+/inbox",
                    ROOT + "presence/+",
                    "#",
                    "+",
                    "",
                    ROOT + "presence/node-a\0",
                    NODE_PRESENCE)) {
                all.add(new Attempt(
                        role,
                        "sends a packet for '" + topic.replace('\0', '0') + "'",
                        Answer.REFUSED,
                        raw(raw -> raw.publish(topic, false, 0))));
            }
            all.add(new Attempt(
                    role, "a topic alias of nothing", Answer.REFUSED, raw(raw -> raw.publish("", false, 7))));
            all.add(new Attempt(
                    role,
                    "hides a topic behind an alias",
                    Answer.REFUSED,
                    raw(raw -> raw.publish(role == Role.NODE ? NODE_INBOX : ALICE_INBOX, false, 1))));
            all.add(new Attempt(role, "retains another's presence by an alias", Answer.REFUSED, raw(raw -> {
                raw.publish(ROOT + "presence/" + own(role), false, 1);
                raw.publish(NODE_PRESENCE, true, 1);
            })));
            for (var id : List.of("node-a", "alice", "alice_x1", "node-a_x1", "", "*", "node-a.fedbiomed")) {
                all.add(new Attempt(role, "comes as client '" + id + "'", Answer.ANYTHING, comesAs(id, true)));
                all.add(new Attempt(
                        role, "takes up the session of client '" + id + "'", Answer.ANYTHING, comesAs(id, false)));
            }
        }
        return all.stream();
    }

    private static String own(Role role) {
        return role == Role.NODE ? "node-b" : "bob";
    }

    private static Act subscribes(String filter) {
        return (hostile, port, client) -> client.subscribeWith()
                .topicFilter(filter)
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
    }

    /** At each quality of service; the last one has an answer. */
    private static Act publishes(String topic, boolean retain) {
        return (hostile, port, client) -> {
            for (var qos : List.of(MqttQos.AT_MOST_ONCE, MqttQos.AT_LEAST_ONCE)) {
                client.publishWith()
                        .topic(topic)
                        .qos(qos)
                        .retain(retain)
                        .payload("smuggled".getBytes())
                        .send();
            }
        };
    }

    private static Act will(String topic) {
        return (hostile, port, client) -> {
            client.disconnect();
            client.connectWith()
                    .willPublish()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(topic.equals(NODE_PRESENCE))
                    .payload("smuggled".getBytes())
                    .applyWillPublish()
                    .send();
            client.disconnectWith()
                    .reasonCode(Mqtt5DisconnectReasonCode.DISCONNECT_WITH_WILL_MESSAGE)
                    .send();
        };
    }

    private static Act raw(Consumer<RawMqtt> packets) {
        return (hostile, port, client) -> {
            client.disconnect();
            try (var raw = new RawMqtt(hostile, port)) {
                packets.accept(raw);
            }
        };
    }

    private static Act comesAs(String clientId, boolean clean) {
        return (hostile, port, client) -> {
            client.disconnect();
            var other = TestFederation.mqtt(hostile, clientId, port);
            other.connectWith().cleanStart(clean).sessionExpiryInterval(600).send();
            other.disconnectWith().sessionExpiryInterval(0).send();
        };
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void nothingComesOfIt(Attempt attempt) throws Exception {
        var hostile = attempt.role() == Role.NODE ? nodeB : bob;
        var victimNode = connect(nodeA);
        var victimResearcher = connect(alice);
        try (var atNode = victimNode.publishes(MqttGlobalPublishFilter.ALL);
                var atResearcher = victimResearcher.publishes(MqttGlobalPublishFilter.ALL)) {
            subscribe(victimNode, NODE_INBOX);
            subscribe(victimResearcher, ALICE_INBOX, ALICE_MONITOR, NODE_PRESENCE);

            var client = begin(hostile);
            boolean refused;
            var heard = client.publishes(MqttGlobalPublishFilter.ALL);
            try {
                attempt.act().by(hostile, port(), client);
                refused = false;
            } catch (RuntimeException _) {
                refused = true;
            }
            if (attempt.expected() == Answer.REFUSED) {
                assertThat(refused).as("refused").isTrue();
            }
            if (!client.getState().isConnected()) {
                client = begin(hostile);
                heard = client.publishes(MqttGlobalPublishFilter.ALL);
            }
            subscribe(client, inbox(hostile));
            // what it sent before is dealt with when this is answered
            publish(client, ROOT + "presence/" + hostile.party(), "here");

            var turn = " " + attempts++;
            publish(victimResearcher, NODE_INBOX, "request" + turn);
            publish(victimNode, ALICE_INBOX, "reply" + turn);
            publish(victimNode, ALICE_MONITOR, "loss" + turn);
            publish(victimNode, NODE_PRESENCE, "online" + turn);
            publish(hostile.role() == Role.NODE ? victimResearcher : victimNode, inbox(hostile), "own" + turn);
            assertThat(next(atNode, 1)).as("the node's").containsExactly(NODE_INBOX + " request" + turn);
            assertThat(next(atResearcher, 3))
                    .as("the researcher's")
                    .containsExactlyInAnyOrder(
                            ALICE_INBOX + " reply" + turn,
                            ALICE_MONITOR + " loss" + turn,
                            NODE_PRESENCE + " online" + turn);
            // Mosquitto delivers what a filter covers and its reader may read: of a researcher's '#', presence
            var mayHear = hostile.role() == Role.RESEARCHER ? ROOT + "presence/" : ROOT + "none";
            assertThat(next(heard, 1, mayHear))
                    .as("the hostile party's")
                    .containsExactly(inbox(hostile) + " own" + turn);
            heard.close();
        }
    }

    /** So that what is refused above is refused for what it says. */
    @Test
    void thePacketsAreWellFormed() {
        try (var raw = new RawMqtt(nodeB, port())) {
            raw.publish(ROOT + "presence/node-b", false, 0);
            raw.publish(ALICE_INBOX, false, 0);
        }
    }

    /** Without a session: the client gives up what is unanswered when its connection ends. */
    private Mqtt5BlockingClient begin(TransportIdentity hostile) {
        var client = TestFederation.mqtt(hostile, hostile.party().value(), port());
        client.connect();
        closeAfterwards(client);
        return client;
    }

    private static String inbox(TransportIdentity party) {
        return ROOT + party.role().lower() + "/" + party.party() + "/inbox";
    }

    private static void subscribe(Mqtt5BlockingClient client, String... topics) {
        for (var topic : topics) {
            client.subscribeWith().topicFilter(topic).qos(MqttQos.AT_LEAST_ONCE).send();
        }
    }

    /** The next so many, each with its topic, without those of topics that begin with {@code ignored}. */
    private static List<String> next(Mqtt5Publishes messages, int count, String... ignored)
            throws InterruptedException {
        var received = new ArrayList<String>();
        while (received.size() < count) {
            var message = messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS).orElseThrow();
            // what was retained before this attempt is no news
            boolean wanted = Stream.of(ignored)
                    .noneMatch(start -> message.getTopic().toString().startsWith(start));
            if (wanted && !message.isRetain()) {
                received.add(message.getTopic() + " " + new String(message.getPayloadAsBytes()));
            }
        }
        return received;
    }
}
