package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkTest {
    @TempDir
    Path folder;

    @Test
    void partiesEnrolAndSpeakToEachOtherAndLeaveParameters() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var node = federation.enrol(Role.NODE, "hospital-a");
            var researcher = federation.enrol(Role.RESEARCHER, "alice");
            var listening = federation.mqtt(node);
            listening
                    .connectWith()
                    .cleanStart(false)
                    .sessionExpiryInterval(3600)
                    .send();
            try (var inbox = listening.publishes(MqttGlobalPublishFilter.ALL)) {
                listening
                        .subscribeWith()
                        .topicFilter("fedbiomed/v1/node/hospital-a/inbox")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .send();
                var asking = federation.mqtt(researcher);
                asking.connectWith().send();
                asking.publishWith()
                        .topic("fedbiomed/v1/node/hospital-a/inbox")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload("hello".getBytes())
                        .send();
                assertThat(inbox.receive(60, TimeUnit.SECONDS))
                        .hasValueSatisfying(m ->
                                assertThat(m.getPayloadAsBytes()).asString().isEqualTo("hello"));
                asking.disconnect();
            }
            listening.disconnect();
            var bytes = "parameters".getBytes();
            var uri = federation.network().address().store().resolve("/v1/parameters/" + Sha256.of(bytes));
            try (var sender = researcher.httpClient().build();
                    var reader = node.httpClient().build()) {
                var put = sender.send(
                        HttpRequest.newBuilder(uri)
                                .header("Fedbiomed-Recipients", "hospital-a")
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                assertThat(put.statusCode()).as(put.body()).isEqualTo(201);
                var got = reader.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(got.statusCode()).isEqualTo(200);
                assertThat(got.body()).isEqualTo(bytes);
                var health = reader.send(
                        HttpRequest.newBuilder(uri.resolve("/v1/health")).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
                assertThat(Json.MAPPER.readTree(health.body()).path("epoch").asText())
                        .isEqualTo(federation.network().epoch());
            }
        }
    }

    @Test
    void aFolderThatIsNoHomeAndAHomeInUseAreRefused() {
        assertThatThrownBy(() -> Network.start(folder))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("network init");
        try (var federation = new TestFederation(folder)) {
            var home = federation.network().home();
            assertThatThrownBy(() -> Network.start(home, Map.of(), Clock.systemUTC()))
                    .hasMessageContaining("running already");
            assertThatThrownBy(() -> Network.init(home, NetworkConfig.DEFAULTS)).hasMessageContaining("already");
        }
    }

    @Test
    void aPortInUseIsNamedAndTheHomeIsFreeAgain() {
        try (var federation = new TestFederation(folder.resolve("one"))) {
            var taken = federation.network().address();
            var home = folder.resolve("two");
            Network.init(home, TestFederation.settings().withPorts(taken.storePort(), 0));
            var log = new LoggedWarnings();
            assertThatThrownBy(() -> Network.start(home, Map.of(), Clock.systemUTC()))
                    .hasMessageContaining(Integer.toString(taken.storePort()))
                    .hasMessageContaining("store_port");
            assertThatThrownBy(() -> Network.start(
                            home,
                            Map.of(
                                    "FEDBIOMED_NETWORK_STORE_PORT",
                                    "0",
                                    "FEDBIOMED_NETWORK_MQTT_PORT",
                                    Integer.toString(taken.mqttPort())),
                            Clock.systemUTC()))
                    .hasMessageContaining(Integer.toString(taken.mqttPort()))
                    .hasMessageContaining("mqtt_port");
            log.close();
            assertThat(log.texts()).as("beside the error that is given").isEmpty();
            // two in one process
            try (var second = Network.start(home, Map.of("FEDBIOMED_NETWORK_STORE_PORT", "0"), Clock.systemUTC())) {
                assertThat(second.epoch()).isNotEqualTo(federation.network().epoch());
            }
        }
    }

    @Test
    void theHomeHoldsItsPrivateFilesForItsOwnerAlone() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var home = federation.network().home();
            for (var file : new String[] {"ca/ca-key.pem", "server/key.pem", "broker/server.p12"}) {
                assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(home.resolve(file))))
                        .as(file)
                        .isEqualTo("rw-------");
            }
        }
    }

    /** Whoever is connected then, with a will and without: it is not the log's business. */
    @Test
    void aNetworkThatStopsHasNothingToComplainOf() throws Exception {
        var clock = Clock.systemUTC();
        try (var federation = new TestFederation(folder);
                var node = new TestParty(federation, Role.NODE, "node-a", clock);
                var alice = new TestParty(federation, Role.RESEARCHER, "alice", clock).andTrusts(node)) {
            node.opened();
            alice.opened();
            try (var log = new LoggedWarnings()) {
                federation.network().close();
                assertThat(log.texts()).noneMatch(text -> text.contains("artemis") || text.contains("activemq"));
            }
        }
    }

    /** A researcher's program has a client id of its own: what it left at a Network that stopped, nobody takes up. */
    @Test
    void aSessionThatNobodyTakesUpAfterARestartIsForgotten() throws Exception {
        var clock = new TestClock();
        try (var federation = new TestFederation(folder, TestFederation.settings(), clock)) {
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            assertThat(session(federation, alice, "alice_left", true)).isFalse();
            assertThat(session(federation, alice, "alice_taken", true)).isFalse();
            federation.restart();
            assertThat(session(federation, alice, "alice_taken", false)).isTrue();
            clock.advance(Duration.ofHours(2));
            federation.network().watch();
            assertThat(session(federation, alice, "alice_left", false)).isFalse();
            assertThat(session(federation, alice, "alice_taken", false)).isTrue();
        }
    }

    /** @return whether the broker had a session for this client */
    private static boolean session(
            TestFederation federation, TransportIdentity party, String clientId, boolean subscribe) {
        var client = TestFederation.mqtt(
                party, clientId, federation.network().address().mqttPort());
        var connected = client.connectWith()
                .cleanStart(false)
                .sessionExpiryInterval(3600)
                .send();
        if (subscribe) {
            client.subscribeWith()
                    .topicFilter("fedbiomed/v1/researcher/alice/inbox")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
        }
        client.disconnect();
        return connected.isSessionPresent();
    }
}
