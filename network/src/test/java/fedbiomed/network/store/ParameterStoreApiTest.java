package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParameterStoreApiTest {
    private final Random random = new Random(1);
    private TestFederation federation;
    private HttpClient alice;
    private HttpClient node;
    private HttpClient stranger;
    private HttpClient bare;

    @BeforeAll
    void start(@TempDir Path folder) {
        var quotas = new NetworkConfig.Quotas(
                DataSize.ofMebibytes(2),
                DataSize.ofMebibytes(20),
                DataSize.ofMebibytes(30),
                Duration.ofDays(1),
                Duration.ofDays(1));
        federation = new TestFederation(folder, TestFederation.settings().withQuotas(quotas, DataSize.ofMebibytes(1)));
        var identity = federation.enrol(Role.RESEARCHER, "alice");
        alice = identity.httpClient().build();
        node = federation.enrol(Role.NODE, "node-a").httpClient().build();
        stranger = federation.enrol(Role.NODE, "node-b").httpClient().build();
        bare = HttpClient.newBuilder().sslContext(withoutCertificate(identity)).build();
    }

    private static javax.net.ssl.SSLContext withoutCertificate(TransportIdentity identity) {
        try {
            var context = javax.net.ssl.SSLContext.getInstance("TLSv1.3");
            context.init(null, identity.trustManagerFactory().getTrustManagers(), null);
            return context;
        } catch (java.security.GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stop() {
        for (var client : new HttpClient[] {alice, node, stranger, bare}) {
            client.shutdownNow();
        }
        federation.close();
    }

    private byte[] bytes(int length) {
        var bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private URI uri(String hash) {
        return federation.network().address().store().resolve("/v1/parameters/" + hash);
    }

    private HttpResponse<String> put(HttpClient client, String hash, byte[] body, String... headers) throws Exception {
        // as parties do it: a refusal comes before the body, where it would be lost in the middle of it
        var request = HttpRequest.newBuilder(uri(hash)).expectContinue(true).PUT(BodyPublishers.ofByteArray(body));
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<byte[]> get(HttpClient client, String hash, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri(hash));
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofByteArray());
    }

    private HttpResponse<Void> head(HttpClient client, String hash) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(hash)).HEAD().build(), BodyHandlers.discarding());
    }

    private int delete(HttpClient client, String hash) throws Exception {
        return client.send(HttpRequest.newBuilder(uri(hash)).DELETE().build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void onlySenderAndRecipientsReadAnEntry() throws Exception {
        var body = bytes(100_000);
        var hash = Sha256.of(body);
        assertThat(put(alice, hash, body, "Fedbiomed-Recipients", "node-a").statusCode())
                .isEqualTo(201);
        assertThat(get(node, hash).body()).isEqualTo(body);
        assertThat(get(alice, hash).body()).isEqualTo(body);
        assertThat(head(node, hash).headers().firstValueAsLong("Content-Length"))
                .hasValue(100_000);
        assertThat(get(stranger, hash).statusCode()).isEqualTo(404);
        assertThat(head(stranger, hash).statusCode()).isEqualTo(404);
        assertThat(delete(stranger, hash)).isEqualTo(404);
        assertThat(delete(node, hash)).isEqualTo(404);
        assertThat(get(bare, hash).statusCode()).isEqualTo(401);
        assertThat(put(alice, hash, new byte[0], "Fedbiomed-Recipients", "node-b", "Content-Range", "bytes */100000")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(stranger, hash).body()).isEqualTo(body);
        assertThat(get(node, hash).body()).isEqualTo(body);
    }

    @Test
    void holdingAHashGivesNothingAndASecondSenderUploadsEveryByte() throws Exception {
        var body = bytes(5_000);
        var hash = Sha256.of(body);
        put(alice, hash, body, "Fedbiomed-Recipients", "alice");
        assertThat(put(stranger, hash, new byte[0], "Fedbiomed-Recipients", "node-b", "Content-Range", "bytes */5000")
                        .statusCode())
                .isEqualTo(404);
        assertThat(put(stranger, hash, new byte[5_000], "Fedbiomed-Recipients", "node-b")
                        .statusCode())
                .isEqualTo(422);
        assertThat(get(stranger, hash).statusCode()).isEqualTo(404);
        assertThat(put(stranger, hash, body, "Fedbiomed-Recipients", "node-a").statusCode())
                .isEqualTo(201);
        assertThat(delete(alice, hash)).isEqualTo(204);
        assertThat(get(alice, hash).statusCode()).isEqualTo(404);
        assertThat(get(node, hash).body()).isEqualTo(body);
        assertThat(delete(stranger, hash)).isEqualTo(204);
        assertThat(get(node, hash).statusCode()).isEqualTo(404);
    }

    @Test
    void anUploadGoesOnWhereItStopped() throws Exception {
        var body = bytes(1_000_000);
        var hash = Sha256.of(body);
        var first = put(
                alice,
                hash,
                Arrays.copyOf(body, 300_000),
                "Fedbiomed-Recipients",
                "node-a",
                "Content-Range",
                "bytes 0-299999/1000000");
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(head(alice, hash).headers().firstValueAsLong("Upload-Offset"))
                .hasValue(300_000);
        assertThat(head(node, hash).statusCode()).isEqualTo(404);
        assertThat(put(
                                alice,
                                hash,
                                Arrays.copyOfRange(body, 300_001, 1_000_000),
                                "Fedbiomed-Recipients",
                                "node-a",
                                "Content-Range",
                                "bytes 300001-999999/1000000")
                        .statusCode())
                .isEqualTo(409);
        federation.restart();
        assertThat(head(alice, hash).headers().firstValueAsLong("Upload-Offset"))
                .hasValue(300_000);
        assertThat(put(
                                alice,
                                hash,
                                Arrays.copyOfRange(body, 300_000, 1_000_000),
                                "Fedbiomed-Recipients",
                                "node-a",
                                "Content-Range",
                                "bytes 300000-999999/1000000")
                        .statusCode())
                .isEqualTo(201);
        assertThat(get(node, hash).body()).isEqualTo(body);
    }

    @Test
    void rangesAreServed() throws Exception {
        var body = bytes(1_000);
        var hash = Sha256.of(body);
        put(alice, hash, body, "Fedbiomed-Recipients", "node-a");
        assertThat(get(node, hash, "Range", "bytes=10-19").body()).isEqualTo(Arrays.copyOfRange(body, 10, 20));
        assertThat(get(node, hash, "Range", "bytes=990-").body()).isEqualTo(Arrays.copyOfRange(body, 990, 1_000));
        assertThat(get(node, hash, "Range", "bytes=-5").headers().firstValue("Content-Range"))
                .hasValue("bytes 995-999/1000");
        assertThat(get(node, hash, "Range", "bytes=0-99999").statusCode()).isEqualTo(206);
        assertThat(get(node, hash, "Range", "bytes=1000-").statusCode()).isEqualTo(416);
        assertThat(get(node, hash, "Range", "rows=1-2").statusCode()).isEqualTo(200);
    }

    @Test
    void quotasAndWrongRequestsAreRefusedWithWhatToDo() throws Exception {
        var hash = Sha256.of("never");
        refused(put(alice, hash, new byte[3 << 20], "Fedbiomed-Recipients", "node-a"), 413, "TOO_LARGE");
        refused(put(alice, hash, new byte[10]), 400, "BAD_REQUEST");
        refused(put(alice, hash, new byte[10], "Fedbiomed-Recipients", "Not A Party"), 400, "BAD_REQUEST");
        refused(put(alice, hash, new byte[10], "Fedbiomed-Recipients", "a,".repeat(2_000)), 400, "BAD_REQUEST");
        refused(put(alice, "ABC", new byte[10], "Fedbiomed-Recipients", "node-a"), 400, "BAD_REQUEST");
        refused(
                put(alice, hash, new byte[10], "Fedbiomed-Recipients", "node-a", "Content-Range", "bytes 0-4/10"),
                400,
                "BAD_REQUEST");
        refused(put(alice, hash, new byte[10], "Fedbiomed-Recipients", "node-a"), 422, "WRONG_HASH");
        assertThat(head(alice, hash).statusCode()).isEqualTo(404);
        int status = 201;
        int kept = 0;
        while (status == 201 && kept < 20) {
            var body = bytes(2 << 20);
            var answer = put(stranger, Sha256.of(body), body, "Fedbiomed-Recipients", "node-a");
            status = answer.statusCode();
            if (status == 201) {
                kept++;
            } else {
                refused(answer, 507, "QUOTA_EXCEEDED");
            }
        }
        assertThat(kept).isBetween(5, 10);
    }

    @Test
    void aRefusalKeepsTheConnectionWhereTheBodyIsSmall() throws Exception {
        var small = HttpRequest.newBuilder(uri("ABC")).PUT(BodyPublishers.ofByteArray(new byte[40_000]));
        for (int i = 0; i < 2; i++) {
            var answer = alice.send(small.build(), BodyHandlers.ofString());
            refused(answer, 400, "BAD_REQUEST");
            assertThat(answer.headers().firstValue("Connection")).isEmpty();
        }
        var large = put(alice, "ABC", new byte[70_000]);
        refused(large, 400, "BAD_REQUEST");
        assertThat(large.headers().firstValue("Connection")).hasValue("close");
    }

    private static void refused(HttpResponse<String> answer, int status, String code) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        var json = Json.MAPPER.readTree(answer.body());
        assertThat(json.path("code").asText()).isEqualTo(code);
        assertThat(json.path("text").asText()).isNotBlank();
        assertThat(json.path("what_to_do").asText()).isNotBlank();
    }

    @Test
    void thePathsThatAreOpenAndThoseThatAreNot() throws Exception {
        for (var path : new String[] {"/v1/health", "/v1/openapi.yaml"}) {
            assertThat(bare.send(
                                    HttpRequest.newBuilder(federation
                                                    .network()
                                                    .address()
                                                    .store()
                                                    .resolve(path))
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
        var nowhere = bare.send(
                HttpRequest.newBuilder(federation.network().address().store().resolve("/v1/nowhere"))
                        .build(),
                BodyHandlers.ofString());
        refused(nowhere, 404, "NOT_FOUND");
        var metrics = bare.send(
                HttpRequest.newBuilder(federation.network().address().store().resolve("/metrics"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(metrics.body()).contains("fedbiomed_network_parties 3");
        assertThatThrownBy(() -> HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(uri(Sha256.of("x"))).build(), BodyHandlers.discarding()))
                .isInstanceOf(java.io.IOException.class);
    }
}
