package fedbiomed.node;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.datatypes.MqttTopic;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import fedbiomed.protocol.Topics;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Letter;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A party's connection on which any bytes are sent, to any inbox, and heard. */
final class RawLine implements AutoCloseable {
    private final TransportIdentity transport;
    private final Mqtt5BlockingClient client;

    private final List<Mqtt5Publish> heard = new CopyOnWriteArrayList<>();

    RawLine(TransportIdentity transport, FederationAddress address) {
        this(transport, address, transport.party() + "_raw");
    }

    RawLine(TransportIdentity transport, FederationAddress address, String clientId) {
        this.transport = transport;
        client = MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost(address.mqttHost())
                .serverPort(address.mqttPort())
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(transport.keyManagerFactory())
                        .trustManagerFactory(transport.trustManagerFactory())
                        .protocols(List.of("TLSv1.3"))
                        .build())
                .buildBlocking();
        client.connect();
    }

    static byte[] envelope(Identity sender, Identity to, byte[] body) {
        var now = Instant.now();
        return Envelope.seal(
                        sender,
                        new Envelope.Recipient(to.party(), to.keys()),
                        Envelope.newName(),
                        new Letter(body),
                        now,
                        now.plus(Duration.ofMinutes(10)))
                .bytes();
    }

    /** The sender listens in its own inbox, whoever has signed. */
    void publish(PartyId node, byte[] bytes) {
        client.publishWith()
                .topic(Topics.nodeInbox(node))
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(bytes)
                .responseTopic(MqttTopic.of(Topics.researcherInbox(transport.party())))
                .send();
    }

    void publishTo(String topic, byte[] bytes, boolean retain) {
        client.publishWith()
                .topic(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(retain)
                .payload(bytes)
                .send();
    }

    /** Keeps what comes there from now on. */
    void listen(String topic) {
        client.toAsync()
                .subscribeWith()
                .topicFilter(topic)
                .qos(MqttQos.AT_LEAST_ONCE)
                .callback(heard::add)
                .send()
                .join();
    }

    long heard(String topic) {
        return heard.stream()
                .filter(publish -> publish.getTopic().toString().equals(topic))
                .count();
    }

    List<byte[]> payloads() {
        return heard.stream().map(Mqtt5Publish::getPayloadAsBytes).toList();
    }

    @Override
    public void close() {
        client.disconnect();
    }
}
