package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Network's two doors as one without a certificate, or with an old TLS, finds them. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // before all
class DoorsTest {
    /** All that is open, with what it answers to an empty request. */
    private static final List<String> OPEN = List.of("post /v1/enrol", "get /v1/health", "get /v1/openapi.yaml");

    private TestFederation federation;
    private TransportIdentity alice;
    private SSLContext bare;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        // on all addresses: /metrics is asked by another one than the loopback's
        federation = new TestFederation(folder, TestFederation.settings().withBind("0.0.0.0"));
        alice = federation.enrol(Role.RESEARCHER, "alice");
        bare = SSLContext.getInstance("TLS");
        bare.init(null, alice.trustManagerFactory().getTrustManagers(), null);
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    private int storePort() {
        return federation.network().address().storePort();
    }

    private int mqttPort() {
        return federation.network().address().mqttPort();
    }

    private static SSLSocket connect(SSLContext context, InetAddress to, int port, String... protocols)
            throws IOException {
        var socket = (SSLSocket) context.getSocketFactory().createSocket(to, port);
        socket.setSoTimeout(120_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }

    @Test
    void bothDoorsSpeakTls13AndRefuseTls12() throws Exception {
        for (int port : new int[] {storePort(), mqttPort()}) {
            for (var context : List.of(alice.sslContext(), bare)) {
                try (var old = connect(context, InetAddress.getLoopbackAddress(), port, "TLSv1.2")) {
                    assertThatThrownBy(old::startHandshake).as("port " + port).isInstanceOf(SSLException.class);
                }
            }
            try (var current = connect(alice.sslContext(), InetAddress.getLoopbackAddress(), port)) {
                current.startHandshake();
                assertThat(current.getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
        }
    }

    /** With TLS 1.3 a client learns after its own handshake that the server wanted more. */
    @Test
    void theBrokerAnswersNobodyWithoutACertificate() throws Exception {
        try (var socket = connect(bare, InetAddress.getLoopbackAddress(), mqttPort())) {
            assertThatThrownBy(() -> {
                        socket.startHandshake();
                        // MQTT 5 CONNECT of 'alice'
                        socket.getOutputStream().write(new byte[] {
                            0x10, 18, 0, 4, 'M', 'Q', 'T', 'T', 5, 2, 0, 60, 0, 0, 5, 'a', 'l', 'i', 'c', 'e'
                        });
                        if (socket.getInputStream().read() < 0) {
                            throw new SSLException("closed");
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    /** From the description, which {@code OpenApiTest} holds to be all routes: a new one cannot escape. */
    @TestFactory
    Stream<DynamicTest> noOtherRouteAnswersWithoutACertificate() throws Exception {
        var routes = new ArrayList<String>();
        JsonNode paths;
        try (var in = Network.class.getResourceAsStream("store/openapi.yaml")) {
            paths = new YAMLMapper().readTree(in).path("paths");
        }
        paths.properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        routes.add(method + " " + path.getKey());
                    }
                }));
        assertThat(routes).containsAll(OPEN).hasSizeGreaterThan(OPEN.size());
        return routes.stream()
                .map(route -> DynamicTest.dynamicTest(route, () -> {
                    var from = InetAddress.getLoopbackAddress();
                    if (route.equals("get /metrics")) {
                        // open to the machine itself: so it is asked by the machine's other address
                        assertThat(status(route, from)).isEqualTo(200);
                        var other = otherAddress();
                        assumeThat(other)
                                .as("this machine has the loopback address alone")
                                .isPresent();
                        from = other.orElseThrow();
                    }
                    int status = status(route, from);
                    if (OPEN.contains(route)) {
                        assertThat(status).isEqualTo(route.startsWith("post") ? 400 : 200);
                    } else {
                        assertThat(status).isEqualTo(401);
                    }
                }));
    }

    private int status(String route, InetAddress to) throws IOException {
        var method = route.substring(0, route.indexOf(' ')).toUpperCase(Locale.ROOT);
        var path = route.substring(route.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "0".repeat(64));
        try (var socket = connect(bare, to, storePort())) {
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nFedbiomed-Recipients: alice\r\n"
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(answer.substring(9));
        }
    }

    private static Optional<InetAddress> otherAddress() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }
}
