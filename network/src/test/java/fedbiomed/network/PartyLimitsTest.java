package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limits of one party and of strangers at a Network whose limits are narrow. Strangers come from 127.0.0.2. */
@Timeout(600)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // before all
class PartyLimitsTest {
    private static final int CONNECTIONS = 3;
    private static final int STRANGERS = 4;
    private static final int REQUESTS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private TestFederation federation;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path folder) {
        this.folder = folder;
        var strangers = new Limits.Strangers(100, STRANGERS, 1000, 20, Duration.ofSeconds(3));
        var limits = new Limits(CONNECTIONS, 60_000, REQUESTS, strangers);
        federation = new TestFederation(folder, TestFederation.settings().withLimits(limits));
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    private int port(String door) {
        var address = federation.network().address();
        return door.equals("broker") ? address.mqttPort() : address.storePort();
    }

    private SSLSocket connect(TransportIdentity party, String door) throws IOException {
        var socket = (SSLSocket)
                party.sslContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port(door));
        socket.setSoTimeout(500);
        socket.startHandshake();
        return socket;
    }

    /** The Network has closed it; what is open but silent is not closed. */
    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "store"})
    void aPartyHasSoManyConnectionsAndAnotherPartyItsOwn(String door) throws Exception {
        var greedy = federation.enrol(Role.NODE, "greedy-" + door);
        var modest = federation.enrol(Role.NODE, "modest-" + door);
        var open = new ArrayList<SSLSocket>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                open.add(connect(greedy, door));
            }
            try (var oneTooMany = connect(greedy, door)) {
                await().atMost(PATIENCE).until(() -> isClosed(oneTooMany));
            }
            try (var other = connect(modest, door)) {
                assertThat(isClosed(other)).isFalse();
            }
            open.removeFirst().close();
            await("the place of one that went").atMost(PATIENCE).until(() -> {
                try (var again = connect(greedy, door)) {
                    return !isClosed(again);
                } catch (IOException _) {
                    return false;
                }
            });
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "store"})
    void anAddressWithoutCertificatesHasSoManyConnectionsAndSoLongForAHandshake(String door) throws Exception {
        var party = federation.enrol(Role.NODE, "by-" + door);
        var open = new ArrayList<Socket>();
        try {
            for (int i = 0; i < STRANGERS; i++) {
                open.add(silent(door));
            }
            // the last to come is closed at once, and the first when their time for the handshake is over
            try (var oneTooMany = silent(door)) {
                await().atMost(PATIENCE).until(() -> isClosed(oneTooMany));
            }
            try (var elsewhere = connect(party, door)) {
                assertThat(isClosed(elsewhere)).isFalse();
            }
            for (var socket : open) {
                await("a handshake that never comes").atMost(PATIENCE).until(() -> isClosed(socket));
            }
        } finally {
            for (var socket : open) {
                socket.close();
            }
        }
    }

    private Socket silent(String door) throws IOException {
        var socket = new Socket(
                InetAddress.getLoopbackAddress(), port(door), InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0);
        socket.setSoTimeout(500);
        return socket;
    }

    private static HttpResponse<String> get(HttpClient client, URI uri) throws Exception {
        return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aPartyWithTooManyRequestsIsToldWhenToComeAgainAndItsTransfersWait() throws Exception {
        var busy = federation.enrol(Role.RESEARCHER, "busy");
        var address = federation.network().address();
        var file = Files.writeString(folder.resolve("model"), "parameters");
        var entry = SealedEntry.of(file, file.resolveSibling(file.getFileName() + ".sealed"));
        var health = address.store().resolve("/v1/health");
        try (var client = busy.httpClient().build();
                var other = federation.enrol(Role.NODE, "other").httpClient().build();
                var store = new ParameterStoreClient(busy, address, PATIENCE)) {
            var answer = get(client, health);
            while (answer.statusCode() == 200) {
                answer = get(client, health);
            }
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 60L);
            var problem = Json.MAPPER.readTree(answer.body());
            assertThat(problem.path("code").asText()).isEqualTo("TOO_MANY_REQUESTS");
            assertThat(problem.path("text").asText()).contains("busy");
            assertThat(problem.path("what_to_do").asText()).contains("Retry-After");
            assertThat(get(other, health).statusCode()).isEqualTo(200);

            store.upload(entry, List.of(busy.party()), TransferProgress.NONE);
            store.download(entry.ref(), folder.resolve("fetched"), TransferProgress.NONE);
            assertThat(folder.resolve("fetched")).hasSameBinaryContentAs(file);
            assertThat(store.epoch()).isEqualTo(federation.network().epoch());
            store.delete(entry.ref());
            await("room for one more")
                    .atMost(PATIENCE)
                    .until(() -> get(
                                            client,
                                            address.store()
                                                    .resolve("/v1/parameters/"
                                                            + entry.ref().entry()))
                                    .statusCode()
                            == 404);
        }
    }
}
