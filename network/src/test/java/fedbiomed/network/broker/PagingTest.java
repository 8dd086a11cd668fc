package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class PagingTest {
    private static final String TOPIC = "fedbiomed/v1/presence/alice";
    private static final int ROUNDS = 4;
    /** Of 10 kB: a megabyte and a half, where messages go to the disk from one on. */
    private static final int MESSAGES = 150;

    @TempDir
    Path folder;

    /** Readers leave while messages come; their sessions end with their connections, as nodes' do. */
    @Test
    void pagesEndWithTheirLastReader() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var identity = federation.enrol(Role.RESEARCHER, "alice");
            var alice = federation.mqtt(identity);
            alice.connect();
            for (int round = 0; round < ROUNDS; round++) {
                leaveWhileMessagesCome(reader(federation, identity, round), alice);
                assertThat(pages()).isLessThan(1_000);
            }
            var back = reader(federation, identity, ROUNDS);
            try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
                back.connect();
                subscribe(back);
                send(alice, "after".getBytes(StandardCharsets.US_ASCII));
                assertThat(messages.receive(60, TimeUnit.SECONDS)).isPresent();
            }
            back.disconnect();
            alice.disconnect();
        }
    }

    private static void leaveWhileMessagesCome(Mqtt5BlockingClient reader, Mqtt5BlockingClient alice)
            throws InterruptedException {
        // nothing is acknowledged
        try (var _ = reader.publishes(MqttGlobalPublishFilter.ALL, true)) {
            reader.connect();
            subscribe(reader);
            sendMany(alice);
            var more = Thread.ofPlatform().start(() -> sendMany(alice));
            reader.disconnect();
            more.join();
        }
    }

    private static Mqtt5BlockingClient reader(TestFederation federation, TransportIdentity identity, int number) {
        return TestFederation.mqtt(
                identity, "alice_" + number, federation.network().address().mqttPort());
    }

    private static void subscribe(Mqtt5BlockingClient reader) {
        reader.subscribeWith().topicFilter(TOPIC).qos(MqttQos.AT_LEAST_ONCE).send();
    }

    private static void sendMany(Mqtt5BlockingClient sender) {
        for (int i = 0; i < MESSAGES; i++) {
            send(sender, new byte[10_000]);
        }
    }

    private static void send(Mqtt5BlockingClient sender, byte[] payload) {
        try {
            sender.publishWith()
                    .topic(TOPIC)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .retain(true)
                    .payload(payload)
                    .send();
        } catch (Mqtt5PubAckException _) {
            // refused: the same to the broker
        }
    }

    private long pages() {
        try (var files = Files.walk(folder.resolve("network/broker/paging"))) {
            return files.filter(file -> file.toString().endsWith(".page")).count();
        } catch (IOException | UncheckedIOException _) {
            // one went while they were counted
            return 0;
        }
    }
}
