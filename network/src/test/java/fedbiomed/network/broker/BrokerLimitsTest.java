package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
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

    @Test
    void aFullInboxRefusesFurtherMessagesAndKeepsTheEarlier() throws Exception {
        var config = TestFederation.settings().withInbox(new NetworkConfig.Inbox(30, DataSize.ofMebibytes(8)));
        try (var federation = new TestFederation(folder, config)) {
            var node = federation.enrol(Role.NODE, "node-a");
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            var absent = federation.mqtt(node);
            absent.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
            absent.subscribeWith().topicFilter(INBOX).qos(MqttQos.AT_LEAST_ONCE).send();
            absent.disconnect();
            int accepted = fill(federation, alice);
            assertThat(accepted).isBetween(10, 200);
            var back = federation.mqtt(node);
            try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
                back.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
                for (int i = 0; i < accepted; i++) {
                    var expected = "message " + i;
                    assertThat(messages.receive(60, TimeUnit.SECONDS)
                                    .map(m -> new String(m.getPayloadAsBytes()).strip()))
                            .hasValue(expected);
                }
            }
            back.disconnect();
        }
    }

    private static int fill(TestFederation federation, TransportIdentity alice) {
        var client = federation.mqtt(alice);
        client.connect();
        for (int i = 0; i < 500; i++) {
            try {
                client.publishWith()
                        .topic(INBOX)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("message " + i + " ".repeat(100_000)).getBytes(StandardCharsets.US_ASCII))
                        .send();
            } catch (RuntimeException _) {
                return i;
            }
        }
        return 500;
    }
}
