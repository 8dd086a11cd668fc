package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAckReasonCode;
import fedbiomed.network.LoggedWarnings;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest extends HostilePartyRules {
    @BeforeAll
    void start(@TempDir Path folder) {
        enrolFirst(new TestFederation(folder));
        enrolLast();
    }

    @Override
    int port() {
        return federation.network().address().mqttPort();
    }

    @Test
    void aClientWithAnotherIdOrWithoutCertificateOrOfMqtt3IsRefused() {
        assertThatThrownBy(() -> TestFederation.mqtt(nodeA, "another", port()).connect())
                .isInstanceOf(RuntimeException.class);
        var bare = MqttClient.builder()
                .useMqttVersion5()
                .identifier("node-a")
                .serverHost("localhost")
                .serverPort(port())
                .sslConfig()
                .trustManagerFactory(nodeA.trustManagerFactory())
                .applySslConfig()
                .buildBlocking();
        assertThatThrownBy(bare::connect).isInstanceOf(RuntimeException.class);
        var old = MqttClient.builder()
                .useMqttVersion3()
                .identifier("node-a")
                .serverHost("localhost")
                .serverPort(port())
                .sslConfig()
                .keyManagerFactory(nodeA.keyManagerFactory())
                .trustManagerFactory(nodeA.trustManagerFactory())
                .applySslConfig()
                .buildBlocking();
        assertThatThrownBy(old::connect).isInstanceOf(RuntimeException.class);
    }

    @Test
    void nothingButPresenceIsRetainedAndAWillMayNotGoElsewhere() {
        var client = TestFederation.mqtt(alice, "alice", port());
        client.connect();
        assertThatThrownBy(() -> client.publishWith()
                        .topic("fedbiomed/v1/node/node-a/inbox")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .retain(true)
                        .payload("x".getBytes())
                        .send())
                .isInstanceOf(RuntimeException.class);
        var sly = TestFederation.mqtt(nodeA, "node-a", port());
        assertThatThrownBy(() -> sly.connectWith()
                        .willPublish()
                        .topic("fedbiomed/v1/presence/alice")
                        .payload("offline".getBytes())
                        .applyWillPublish()
                        .send())
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void aRevokedPartyIsCutOffAtOnceAndComesBackOnlyWithANewInvitation() {
        var gone = federation.enrol(Role.NODE, "to-be-revoked");
        var client = TestFederation.mqtt(gone, "to-be-revoked", port());
        client.connectWith()
                .willPublish()
                .topic("fedbiomed/v1/presence/to-be-revoked")
                .payload("offline".getBytes())
                .retain(true)
                .applyWillPublish()
                .send();
        publish(client, "fedbiomed/v1/presence/to-be-revoked", "online");
        var log = new LoggedWarnings();
        assertThat(federation.network().revoke(PartyId.of("to-be-revoked"))).isTrue();
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .until(() -> !client.getState().isConnected());
        log.close();
        assertThat(log.texts()).isEmpty();
        assertThatThrownBy(
                        () -> TestFederation.mqtt(gone, "to-be-revoked", port()).connect())
                .isInstanceOf(RuntimeException.class);
        connect(federation.enrol(Role.NODE, "to-be-revoked"));
        assertThatThrownBy(
                        () -> TestFederation.mqtt(gone, "to-be-revoked", port()).connect())
                .isInstanceOf(RuntimeException.class);
    }

    /** More than fits into the connection's buffers and into the broker's memory for one inbox. */
    @Test
    void messagesWaitForAnAbsentPartyAndComeOnceAndInOrder() throws Exception {
        var client = connect(nodeB);
        client.subscribeWith()
                .topicFilter("fedbiomed/v1/node/node-b/inbox")
                .qos(MqttQos.AT_LEAST_ONCE)
                .send();
        client.disconnect();
        var sender = connect(alice);
        var sent = IntStream.range(0, 50).mapToObj(i -> "waiting " + i).toList();
        sent.forEach(text -> publish(sender, "fedbiomed/v1/node/node-b/inbox", text + "x".repeat(100_000)));
        publish(sender, "fedbiomed/v1/node/node-b/inbox", "last");
        var back = TestFederation.mqtt(nodeB, "node-b", port());
        var received = new ArrayList<String>();
        try (var messages = back.publishes(MqttGlobalPublishFilter.ALL)) {
            back.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
            String text;
            do {
                text = new String(messages.receive(PATIENCE_SECONDS, TimeUnit.SECONDS)
                                .orElseThrow()
                                .getPayloadAsBytes())
                        .replace("x", "");
                received.add(text);
            } while (!text.equals("last"));
        }
        back.disconnect();
        assertThat(received.subList(0, received.size() - 1)).isEqualTo(sent);
    }

    /** Each program of a researcher has a client id of its own: without a bound, one party could fill the broker. */
    @Test
    void aPartyHasSoManySessionsAndThoseThatItHasGoOn() {
        var carol = federation.enrol(Role.RESEARCHER, "carol");
        for (int i = 0; i < Sessions.MOST_OF_A_PARTY; i++) {
            leaveSession(carol, "carol_" + i);
        }
        assertThatThrownBy(() -> leaveSession(carol, "carol_more"))
                .isInstanceOfSatisfying(
                        Mqtt5ConnAckException.class,
                        refusal -> assertThat(refusal.getMqttMessage().getReasonCode())
                                .isEqualTo(Mqtt5ConnAckReasonCode.QUOTA_EXCEEDED));
        leaveSession(carol, "carol_0");
        connect(bob);
        federation.network().revoke(PartyId.of("carol"));
        leaveSession(federation.enrol(Role.RESEARCHER, "carol"), "carol_more");
    }

    private void leaveSession(TransportIdentity party, String clientId) {
        var client = TestFederation.mqtt(party, clientId, port());
        client.connectWith().cleanStart(false).sessionExpiryInterval(600).send();
        client.disconnect();
    }

    @Test
    void presenceOfNobodyIsNoTopic() {
        var client = connect(alice);
        assertThatThrownBy(() -> client.subscribeWith()
                        .topicFilter("fedbiomed/v1/presence/nobody")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send())
                .isInstanceOf(RuntimeException.class);
    }
}
