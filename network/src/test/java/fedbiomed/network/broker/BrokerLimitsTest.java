package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import fedbiomed.network.LoggedWarnings;
import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class BrokerLimitsTest {
    private static final String INBOX = "fedbiomed/v1/node/node-a/inbox";

    @TempDir
    Path folder;

    @Test
    void aPacketThatAnnouncesMoreThanTheBoundIsRefusedBeforeItIsRead() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            federation.enrol(Role.NODE, "node-a");
            try (var socket = alice.sslContext()
                    .getSocketFactory()
                    .createSocket("localhost", federation.network().address().mqttPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(connectPacket(alice));
                var in = socket.getInputStream();
                assertThat(in.read()).as("CONNACK").isEqualTo(0x20);
                in.readNBytes(in.read());
                // PUBLISH, QoS 1, 200 MB announced (MQTT 5, section 2.1.4), none sent
                socket.getOutputStream()
                        .write(new byte[] {0x32, (byte) 0x80, (byte) 0x84, (byte) 0xAF, 0x5F, 0, 1, 'x', 0, 1, 0, 0});
                assertThat(endsWithin(in)).isTrue();
            }
        }
    }

    /** Response topics with a wildcard or without a character, a text with U+0000: MQTT 5 forbids them. */
    @Test
    void whatWouldEndItsReadersConnectionEndsItsSenders() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            var node = federation.mqtt(federation.enrol(Role.NODE, "node-a"));
            node.connect();
            node.subscribeWith().topicFilter(INBOX).qos(MqttQos.AT_LEAST_ONCE).send();
            try (var messages = node.publishes(MqttGlobalPublishFilter.ALL)) {
                for (var properties :
                        new byte[][] {{8, 0, 1, '#'}, {8, 0, 3, 'a', '/', '+'}, {8, 0, 0}, {3, 0, 1, 0}}) {
                    assertThat(endsSendersConnection(federation, alice, properties))
                            .isTrue();
                }
                var sender = federation.mqtt(alice);
                sender.connect();
                assertThat(send(sender, INBOX, "after")).isTrue();
                assertThat(messages.receive(60, TimeUnit.SECONDS).map(m -> new String(m.getPayloadAsBytes())))
                        .hasValue("after");
                sender.disconnect();
            }
            node.disconnect();
        }
    }

    private static boolean endsSendersConnection(TestFederation federation, TransportIdentity alice, byte[] properties)
            throws IOException {
        try (var socket = alice.sslContext()
                .getSocketFactory()
                .createSocket("localhost", federation.network().address().mqttPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(connectPacket(alice));
            var in = socket.getInputStream();
            assertThat(in.read()).as("CONNACK").isEqualTo(0x20);
            in.readNBytes(in.read());
            var publish = new ByteArrayOutputStream();
            var out = new DataOutputStream(publish);
            out.writeUTF(INBOX);
            out.writeShort(1);
            out.write(properties.length);
            out.write(properties);
            socket.getOutputStream().write(MqttPackets.packet(0x32, publish.toByteArray()));
            return endsWithin(in);
        }
    }

    @Test
    void aConnectionOverWhichNoConnectComesIsEnded() throws Exception {
        var strangers = Limits.DEFAULTS.strangers();
        var limits = new Limits(
                64,
                60_000,
                30_000,
                new Limits.Strangers(
                        strangers.connections(),
                        strangers.connectionsPerAddress(),
                        strangers.requestsPerMinute(),
                        strangers.requestsPerMinutePerAddress(),
                        Duration.ofSeconds(5)));
        try (var federation =
                new TestFederation(folder, TestFederation.settings().withLimits(limits))) {
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            for (var first : new String[] {"", "GET / HTTP/1.1\r\n\r\n"}) {
                try (var socket = alice.sslContext()
                        .getSocketFactory()
                        .createSocket(
                                "localhost", federation.network().address().mqttPort())) {
                    socket.setSoTimeout(120_000);
                    ((SSLSocket) socket).startHandshake();
                    socket.getOutputStream().write(first.getBytes(StandardCharsets.US_ASCII));
                    assertThat(endsWithin(socket.getInputStream())).as(first).isTrue();
                }
            }
        }
    }

    @Test
    void thereAreNoMoreConnectionsThanTheSettingsSayAndRoomComesBack() throws Exception {
        var limits = new Limits(64, 2, 60_000, 30_000, Limits.DEFAULTS.strangers());
        try (var federation =
                new TestFederation(folder, TestFederation.settings().withLimits(limits))) {
            var first = federation.mqtt(federation.enrol(Role.NODE, "node-a"));
            var second = federation.mqtt(federation.enrol(Role.NODE, "node-b"));
            var third = federation.mqtt(federation.enrol(Role.NODE, "node-c"));
            first.connect();
            second.connect();
            assertThatThrownBy(third::connect).isInstanceOf(RuntimeException.class);
            first.disconnect();
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                third.connect();
                return true;
            });
            assertThat(second.getState().isConnected()).isTrue();
            second.disconnect();
            third.disconnect();
        }
    }

    /** A DISCONNECT packet or the end: what does not come is a broker that waits for the rest. */
    private static boolean endsWithin(java.io.InputStream in) {
        try {
            int first = in.read();
            return first < 0 || first == 0xE0;
        } catch (java.net.SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    private static byte[] connectPacket(TransportIdentity identity) throws IOException {
        var name = identity.party().value().getBytes(StandardCharsets.US_ASCII);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(new byte[] {0x10, (byte) (13 + name.length), 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0});
        out.writeShort(name.length);
        out.write(name);
        return bytes.toByteArray();
    }

    /** A message that nobody fetches before its time is over goes, and nothing is logged of it or of the inbox. */
    @Test
    void whatExpiresIsDroppedWithoutAWarning() throws Exception {
        try (var log = new LoggedWarnings();
                var federation = new TestFederation(folder)) {
            absentSubscriber(federation, federation.enrol(Role.NODE, "node-a"));
            var sender = federation.mqtt(federation.enrol(Role.RESEARCHER, "alice"));
            sender.connect();
            sender.publishWith()
                    .topic(INBOX)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .messageExpiryInterval(1)
                    .payload("brief".getBytes(StandardCharsets.US_ASCII))
                    .send();
            sender.publishWith()
                    .topic(INBOX)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload("lasting".getBytes(StandardCharsets.US_ASCII))
                    .send();
            // the broker's clock is the system's: there is no other way to let the first expire
            Thread.sleep(2_000);
            var back = federation.mqtt(TransportIdentity.load(federation.home("node-a")));
            try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
                back.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
                assertThat(messages.receive(60, TimeUnit.SECONDS).map(m -> new String(m.getPayloadAsBytes())))
                        .hasValue("lasting");
            }
            back.disconnect();
            sender.disconnect();
            // not a warning at all would be too much to ask: of a session that ends Artemis may have one
            assertThat(log.texts())
                    .noneMatch(text -> text.contains("inbox")
                            || text.toLowerCase(Locale.ROOT).contains("expir"));
        }
    }

    @Test
    void aFullInboxRefusesFurtherMessagesAndDisturbsNobodyElse() throws Exception {
        var config = TestFederation.settings().withInbox(new NetworkConfig.Inbox(30, DataSize.ofMebibytes(8)));
        try (var federation = new TestFederation(folder, config);
                var log = new LoggedWarnings()) {
            var node = federation.enrol(Role.NODE, "node-a");
            absentSubscriber(federation, node);
            absentSubscriber(federation, federation.enrol(Role.NODE, "node-b"));
            var alice = federation.mqtt(federation.enrol(Role.RESEARCHER, "alice"));
            alice.connect();
            int accepted = fill(alice);
            assertThat(accepted).isBetween(10, 200);
            assertThat(alice.getState().isConnected()).isTrue();
            assertThat(send(alice, "fedbiomed/v1/node/node-b/inbox", "for another"))
                    .isTrue();
            assertThatThrownBy(() -> send(alice, "fedbiomed/v1/presence/bob", "not allowed"))
                    .isInstanceOfSatisfying(
                            Mqtt5PubAckException.class,
                            e -> assertThat(e.getMqttMessage().getReasonCode())
                                    .isEqualTo(Mqtt5PubAckReasonCode.NOT_AUTHORIZED));
            assertThat(log.texts())
                    .as("said once, and by whom it is ours to say")
                    .filteredOn(text -> text.contains("is full") && text.contains("fedbiomed.network"))
                    .hasSize(1);
            assertThat(log.texts()).noneMatch(text -> text.startsWith("SEVERE"));
            var back = federation.mqtt(node);
            try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
                back.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
                for (int i = 0; i < accepted; i++) {
                    var expected = "message " + i;
                    assertThat(messages.receive(60, TimeUnit.SECONDS)
                                    .map(m -> new String(m.getPayloadAsBytes()).strip()))
                            .hasValue(expected);
                }
                await("room again").atMost(60, TimeUnit.SECONDS).until(() -> send(alice, INBOX, "at last"));
                assertThat(messages.receive(60, TimeUnit.SECONDS).map(m -> new String(m.getPayloadAsBytes())))
                        .hasValue("at last");
            }
            back.disconnect();
        }
    }

    /** A disk that has less left than the reserve: nothing more is taken in, and nobody is cut off for trying. */
    @Test
    void aFullDiskRefusesMessagesAndKeepsConnections() throws Exception {
        var config =
                TestFederation.settings().withQuotas(NetworkConfig.DEFAULTS.quotas(), DataSize.ofGibibytes(1L << 20));
        try (var federation = new TestFederation(folder, config);
                var log = new LoggedWarnings()) {
            federation.enrol(Role.NODE, "node-a");
            var alice = federation.mqtt(federation.enrol(Role.RESEARCHER, "alice"));
            alice.connect();
            // the broker looks at the disk every few seconds
            await("refused").atMost(60, TimeUnit.SECONDS).until(() -> !send(alice, INBOX, "no room"));
            assertThat(send(alice, INBOX, "no room")).isFalse();
            assertThat(alice.getState().isConnected()).isTrue();
            assertThat(log.texts())
                    .filteredOn(text -> text.contains("the Network's disk is full"))
                    .hasSize(1);
            alice.disconnect();
        }
    }

    private static void absentSubscriber(TestFederation federation, TransportIdentity node) {
        var client = federation.mqtt(node);
        client.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
        client.subscribeWith()
                .topicFilter("fedbiomed/v1/node/" + node.party() + "/inbox")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        client.disconnect();
    }

    /** @return how many were taken before one was refused */
    private static int fill(Mqtt5BlockingClient client) {
        int taken = 0;
        while (taken < 500 && send(client, INBOX, "message " + taken + " ".repeat(100_000))) {
            taken++;
        }
        return taken;
    }

    /** @return false where there is no room */
    private static boolean send(Mqtt5BlockingClient client, String topic, String text) {
        try {
            client.publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(text.getBytes(StandardCharsets.US_ASCII))
                    .send();
            return true;
        } catch (Mqtt5PubAckException e) {
            if (e.getMqttMessage().getReasonCode() == Mqtt5PubAckReasonCode.QUOTA_EXCEEDED) {
                return false;
            }
            throw e;
        }
    }
}
