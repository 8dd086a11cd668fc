package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.network.TestFederation;
import fedbiomed.vocabulary.Role;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes to a client's subscriptions at once is, all together, no more than it takes (MQTT 5, section 4.9). */
class ReceiveMaximumTest {
    private static final int RECEIVE_MAXIMUM = 10;
    private static final int NODES = 3;
    private static final int MESSAGES = 60;
    private static final List<String> TOPICS =
            List.of("fedbiomed/v1/researcher/alice/inbox", "fedbiomed/v1/researcher/alice/monitor");

    @Test
    @Timeout(120)
    void allThatNodesSendAtOnceComesOverAConnectionThatStays(@TempDir Path folder) throws Exception {
        try (var federation = new TestFederation(folder);
                var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            var alice = federation.mqtt(federation.enrol(Role.RESEARCHER, "alice"));
            var came = new LinkedBlockingQueue<Mqtt5Publish>();
            alice.toAsync().publishes(MqttGlobalPublishFilter.ALL, came::add, true);
            alice.connectWith()
                    .restrictions()
                    .receiveMaximum(RECEIVE_MAXIMUM)
                    .applyRestrictions()
                    .send();
            for (var topic : List.of(TOPICS.getFirst(), TOPICS.getLast(), "fedbiomed/v1/presence/+")) {
                alice.subscribeWith()
                        .topicFilter(topic)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
            }
            var sent = new TreeSet<String>();
            var sending = new java.util.ArrayList<Future<?>>();
            for (int i = 0; i < NODES; i++) {
                var name = "node-" + i;
                var node = federation.mqtt(federation.enrol(Role.NODE, name));
                node.connect();
                for (var topic : List.of(TOPICS.getFirst(), TOPICS.getLast(), "fedbiomed/v1/presence/" + name)) {
                    for (int m = 0; m < MESSAGES; m++) {
                        sent.add(topic + " " + name + " " + m);
                    }
                    sending.add(senders.submit(() -> {
                        for (int m = 0; m < MESSAGES; m++) {
                            node.publishWith()
                                    .topic(topic)
                                    .qos(MqttQos.AT_LEAST_ONCE)
                                    .payload((name + " " + m).getBytes(StandardCharsets.US_ASCII))
                                    .send();
                        }
                    }));
                }
            }
            for (var done : sending) {
                done.get();
            }
            assertThat(came).as("nothing was acknowledged").hasSizeLessThanOrEqualTo(RECEIVE_MAXIMUM);
            var read = new TreeSet<String>();
            while (read.size() < sent.size()) {
                var message = came.poll(30, TimeUnit.SECONDS);
                assertThat(message).as("after " + read.size()).isNotNull();
                read.add(message.getTopic() + " " + new String(message.getPayloadAsBytes(), StandardCharsets.US_ASCII));
                message.acknowledge();
            }
            assertThat(read).isEqualTo(sent);
            assertThat(alice.getState().isConnected()).isTrue();
        }
    }
}
