package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.datatypes.MqttQos;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node with a valid certificate opens connections, sends messages and uploads as fast as it can, and a stranger holds
 * connections open; meanwhile a researcher and another node do what a round does, to its end.
 */
@Timeout(900)
class FloodTest {
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int EXCHANGES = 6;
    private static final int HELD = 50;
    private static final int MODEL_BYTES = 1 << 20;

    @TempDir
    Path folder;

    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> flooders = new ArrayList<>();
    private final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedQueue<Socket> held = new ConcurrentLinkedQueue<>();

    private interface Flood {
        void once() throws Exception;
    }

    private void flood(String how, Flood flood) {
        flooders.add(Thread.ofVirtual().name(how).start(() -> {
            while (!over.get()) {
                try {
                    flood.once();
                } catch (Exception _) {
                    // refused, closed, slowed down: a flooder goes on
                }
            }
        }));
    }

    private static NetworkConfig narrow() {
        var quotas = new NetworkConfig.Quotas(
                DataSize.ofMebibytes(2),
                DataSize.ofMebibytes(20),
                DataSize.ofMebibytes(200),
                Duration.ofDays(1),
                Duration.ofDays(1));
        var strangers = new Limits.Strangers(64, 16, 600, 60, Duration.ofSeconds(10));
        return TestFederation.settings()
                .withQuotas(quotas, DataSize.ofMebibytes(1))
                .withLimits(new Limits(8, 1200, 600, strangers));
    }

    @Test
    void aFloodFromOnePartyDoesNotStopAnothersRound() throws Exception {
        var clock = Clock.systemUTC();
        try (var network = new TestFederation(folder, narrow());
                var alice = new TestParty(network, Role.RESEARCHER, "alice", clock);
                var node = new TestParty(network, Role.NODE, "node-a", clock).andTrusts(alice)) {
            var hostile = network.enrol(Role.NODE, "flooder");
            try (var client = hostile.httpClient().build()) {
                begin(network, hostile, client);
                await("the flood has reached the limits").atMost(PATIENCE).until(() -> isLimited(alice, network));
                alice.opened();
                node.opened();
                for (int i = 0; i < EXCHANGES; i++) {
                    round(alice, node, i);
                }
                assertThat(isLimited(alice, network)).isTrue();
                assertThat(answers).as("stored bytes").contains(507);
            } finally {
                over.set(true);
                for (var flooder : flooders) {
                    flooder.interrupt();
                    flooder.join();
                }
                for (var socket : held) {
                    socket.close();
                }
            }
        }
    }

    private void begin(TestFederation network, TransportIdentity hostile, HttpClient client) throws Exception {
        var address = network.network().address();
        for (int port : new int[] {address.mqttPort(), address.storePort()}) {
            flood("connections", () -> {
                var socket =
                        hostile.sslContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
                held.add(socket);
                // the beginning of something: it is waited for the rest
                socket.getOutputStream().write('G');
                // so many are open at a time
                if (held.size() > HELD) {
                    held.remove().close();
                }
            });
            flood("silent connections", () -> hold(port));
        }
        var sender = network.mqtt(hostile);
        var payload = new byte[1000];
        flood("messages", () -> {
            if (!sender.getState().isConnectedOrReconnect()) {
                sender.connect();
            }
            // one after the other: what the Network does not read must not pile up here
            sender.publishWith()
                    .topic("fedbiomed/v1/researcher/alice/inbox")
                    .qos(MqttQos.AT_MOST_ONCE)
                    .payload(payload)
                    .send();
        });
        var random = new Random(1);
        flood("uploads", () -> {
            var body = new byte[2 << 20];
            random.nextBytes(body);
            var put = HttpRequest.newBuilder(address.store().resolve("/v1/parameters/" + Sha256.of(body)))
                    .header("Fedbiomed-Recipients", "alice")
                    .expectContinue(true)
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(body));
            answers.add(client.send(put.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode());
        });
        flood(
                "requests",
                () -> client.send(
                        HttpRequest.newBuilder(address.store().resolve("/v1/health"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding()));
    }

    /** Until the Network closes it. */
    private static void hold(int port) throws IOException {
        try (var socket = new Socket(
                InetAddress.getLoopbackAddress(), port, InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0)) {
            socket.setSoTimeout(100);
            socket.getInputStream().read();
        }
    }

    /** By the Network's own figures: connections closed, connections slowed down, requests put off. */
    private static boolean isLimited(TestParty asking, TestFederation network) throws Exception {
        var uri = network.network().address().store().resolve("/metrics");
        String text;
        try (var client = asking.transport().httpClient().build()) {
            text = client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
        return List.of(
                        "broker_connections_refused_total",
                        "store_connections_refused_total",
                        "broker_pauses_total",
                        "requests_over_rate_total")
                .stream()
                .allMatch(name -> {
                    var line = Pattern.compile("fedbiomed_network_" + name + " ([0-9]+)")
                            .matcher(text);
                    return line.find() && Long.parseLong(line.group(1)) > 0;
                });
    }

    private void round(TestParty alice, TestParty node, int number) throws Exception {
        var model = folder.resolve("model-" + number);
        Files.write(model, model(number));
        var entry = SealedEntry.of(model, model.resolveSibling(model.getFileName() + ".sealed"));
        alice.store().upload(entry, List.of(node.id()), TransferProgress.NONE);
        var question = new Request.ListDatasets("round " + number);
        alice.send(node, question);
        assertThat(node.nextNew().message()).isEqualTo(question);
        var fetched = folder.resolve("fetched-" + number);
        node.store().download(entry.ref(), fetched, TransferProgress.NONE);
        assertThat(fetched).hasSameBinaryContentAs(model);
        var back = new Request.ListDatasets("answer " + number);
        node.send(alice, back);
        assertThat(alice.nextNew().message()).isEqualTo(back);
        alice.store().delete(entry.ref());
    }

    private static byte[] model(int number) {
        var bytes = new byte[MODEL_BYTES];
        new Random(number).nextBytes(bytes);
        bytes[0] = ("" + number).getBytes(StandardCharsets.US_ASCII)[0];
        return bytes;
    }
}
