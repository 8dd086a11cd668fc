package fedbiomed.network.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Sha256;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class NetworkCommandTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return FedbiomedCommandLine.of(new NetworkCommand())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private String home() {
        return folder.resolve("network").toString();
    }

    /** The root alone, as a program. */
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            System.exit(FedbiomedCommandLine.of(new NetworkCommand()).execute(arguments));
        }
    }

    private Process start() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var process = new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djava.util.logging.config.file=" + System.getProperty("java.util.logging.config.file"),
                        Program.class.getName(),
                        "start",
                        "--home",
                        home())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var line = new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
        assertThat(line)
                .startsWith("Network ready: parameter store https://localhost:")
                .contains("CA fingerprint");
        return process;
    }

    @Test
    void wrongUsageEndsWith2AndFailuresWith1() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("invite")).isEqualTo(2);
        assertThat(run("invite", "node", "a", "--home", home())).isEqualTo(1);
        assertThat(err.toString()).contains("network init");
        assertThat(run("init", "--home", home(), "--store-port", "99999")).isEqualTo(2);
        assertThat(run("init", "--home", home())).isZero();
        assertThat(run("init", "--home", home())).isEqualTo(1);
        assertThat(run("invite", "king", "a", "--home", home())).isEqualTo(2);
        assertThat(run("invite", "node", "hospital-a", "--home", home(), "--expires", "2h"))
                .isZero();
        assertThat(Invitation.parse(out.toString().lines().findFirst().orElseThrow(), Clock.systemUTC())
                        .party()
                        .value())
                .isEqualTo("hospital-a");
        assertThat(run("party", "revoke", "hospital-a", "--home", home())).isEqualTo(1);
        assertThat(run("party", "list", "--home", home())).isZero();
        assertThat(run("broker-config", "mosquitto", "--home", home())).isZero();
        assertThat(out.toString()).contains("use_identity_as_username true");
        assertThat(run("broker-config", "rabbit", "--home", home())).isEqualTo(2);
    }

    @Test
    void aNetworkKilledInAnUploadWithQueuedMessagesLosesNeither() throws Exception {
        run("init", "--home", home(), "--store-port", "0", "--mqtt-port", "0");
        var first = start();
        TransportIdentity node;
        TransportIdentity alice;
        var body = new byte[4 << 20];
        new Random(7).nextBytes(body);
        var half = java.util.Arrays.copyOf(body, 2 << 20);
        var hash = Sha256.of(body);
        try {
            node = enrol("node", "node-a");
            alice = enrol("researcher", "alice");
            assertThat(run("party", "list", "--home", home())).isZero();
            assertThat(out.toString()).contains("node-a", "alice", "active");
            var port = FederationAddress.load(folder.resolve("alice")).mqttPort();
            var listener = TestFederation.mqtt(node, "node-a", port);
            listener.connectWith().cleanStart(false).sessionExpiryInterval(3600).send();
            listener.subscribeWith()
                    .topicFilter("fedbiomed/v1/node/node-a/inbox")
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            listener.disconnect();
            var sender = TestFederation.mqtt(alice, "alice", port);
            sender.connect();
            for (int i = 0; i < 20; i++) {
                sender.publishWith()
                        .topic("fedbiomed/v1/node/node-a/inbox")
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload(("message " + i).getBytes())
                        .send();
            }
            try (var client = alice.httpClient().build()) {
                var answer =
                        client.send(put(hash, half, "bytes 0-2097151/4194304"), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(202);
            }
        } finally {
            first.destroyForcibly();
            first.waitFor();
        }
        var second = start();
        try {
            alice = EnrolmentClient.renew(refreshed("alice"), alice);
            node = TransportIdentity.load(refreshed("node-a"));
            var listener = TestFederation.mqtt(
                    node,
                    "node-a",
                    FederationAddress.load(folder.resolve("node-a")).mqttPort());
            try (var messages = listener.publishes(MqttGlobalPublishFilter.ALL)) {
                listener.connectWith()
                        .cleanStart(false)
                        .sessionExpiryInterval(3600)
                        .send();
                for (int i = 0; i < 20; i++) {
                    assertThat(messages.receive(10, TimeUnit.SECONDS).map(m -> new String(m.getPayloadAsBytes())))
                            .hasValue("message " + i);
                }
            }
            listener.disconnect();
            try (var client = alice.httpClient().build()) {
                var rest = java.util.Arrays.copyOfRange(body, 2 << 20, 4 << 20);
                var answer = client.send(
                        put(hash, rest, "bytes 2097152-4194303/4194304"), HttpResponse.BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            }
            second.destroy();
            assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(second.exitValue()).isZero();
        } finally {
            second.destroyForcibly();
        }
    }

    /** With port 0 the restarted Network has other ports. */
    private Path refreshed(String party) throws Exception {
        var ports = fedbiomed.vocabulary.Json.MAPPER.readTree(
                folder.resolve("network/ports.json").toFile());
        var home = folder.resolve(party);
        new FederationAddress(
                        "localhost",
                        ports.path("store_port").asInt(),
                        "localhost",
                        ports.path("mqtt_port").asInt())
                .save(home);
        return home;
    }

    private TransportIdentity enrol(String role, String name) {
        assertThat(run("invite", role, name, "--home", home()))
                .as(err.toString())
                .isZero();
        var token = out.toString().lines().findFirst().orElseThrow();
        return EnrolmentClient.enrol(
                Invitation.parse(token, Clock.systemUTC()), folder.resolve(name), Clock.systemUTC());
    }

    private HttpRequest put(String hash, byte[] bytes, String range) {
        return HttpRequest.newBuilder(
                        FederationAddress.load(folder.resolve("alice")).store().resolve("/v1/parameters/" + hash))
                .header("Fedbiomed-Recipients", "node-a")
                .header("Content-Range", range)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes))
                .build();
    }
}
