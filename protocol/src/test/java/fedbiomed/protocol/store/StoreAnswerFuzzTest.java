package fedbiomed.protocol.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.DamagedJson;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Network that answers anything: the store's client takes what is right, or says what is wrong, and nothing else. */
class StoreAnswerFuzzTest {
    private static final long SEED = 20261125;
    private static final List<Integer> STATUSES = List.of(
            200, 201, 202, 204, 206, 299, 301, 400, 401, 403, 404, 408, 409, 413, 416, 422, 429, 500, 503, 507, 600,
            999);
    private static final List<String> HEADERS =
            List.of("Upload-Offset", "Content-Length", "Content-Range", "Retry-After", "Accept-Ranges", "Location");
    private static final List<String> NUMBERS = List.of(
            "0", "1", "-1", "7", "9223372036854775807", "9223372036854775808", "1e9", "", "x", "0x10", " 5", "5, 6");
    private static final byte[] HEALTH = """
            {"status":"ok","version":"1","epoch":"0123456789abcdef","host":"h","store_port":1,"mqtt_host":"h",
            "mqtt_port":2,"time":"2026-11-25T08:00:00Z","audit":{"head":"3:ab","time":"2026","signature":"AAAA"}}
            """.getBytes(StandardCharsets.UTF_8);
    private static final byte[] PROBLEM = """
            {"code":"NOT_FOUND","text":"there is no such entry for you","what_to_do":"ask the sender"}
            """.getBytes(StandardCharsets.UTF_8);
    private static final List<PartyId> RECIPIENTS = List.of(PartyId.of("node-a"));

    @TempDir
    Path folder;

    private SplittableRandom random = new SplittableRandom(SEED);
    private SealedRef ref = new SealedRef(
            new fedbiomed.protocol.message.ParametersRef(Sha256.of(""), 0), Sha256.of(""), "A".repeat(43) + "=");
    private byte[] sealed = {};
    private Path plain = Path.of("");
    private SealedEntry entry = new SealedEntry(ref, plain);

    @BeforeEach
    void sealAnEntry() throws IOException {
        plain = Files.write(folder.resolve("plain"), new byte[EntryCipher.SEGMENT_BYTES + 100]);
        entry = SealedEntry.of(plain, folder.resolve("sealed"));
        ref = entry.ref();
        sealed = Files.readAllBytes(entry.file());
    }

    private static ParameterStoreClient client(java.util.function.Function<HttpRequest, ScriptedHttp.Answer> network) {
        return new ParameterStoreClient(
                new ScriptedHttp(network),
                new FederationAddress("network.example", 1, "network.example", 2),
                Duration.ZERO,
                Duration.ofMinutes(5));
    }

    private static ScriptedHttp.Answer answer(int status, byte[] body, String... header) {
        var headers = new HashMap<String, List<String>>();
        for (int i = 0; i < header.length; i += 2) {
            headers.put(header[i], List.of(header[i + 1]));
        }
        return new ScriptedHttp.Answer(status, headers, body, false);
    }

    @Test
    void rightAnswersAreTaken() throws IOException {
        var target = folder.resolve("fetched");
        try (var client = client(request -> switch (request.uri().getPath()) {
            case "/v1/health" -> answer(200, HEALTH);
            default -> answer(200, sealed, "Content-Length", "" + sealed.length);
        })) {
            assertThat(client.health().epoch()).isEqualTo("0123456789abcdef");
            client.download(ref, target, (_, _) -> {});
            client.upload(entry, RECIPIENTS, (_, _) -> {});
            client.delete(ref);
            assertThat(client.admits()).isTrue();
        }
        assertThat(target).hasSameBinaryContentAs(plain);
    }

    @Test
    void anUploadOffsetThatIsNoNumberIsNone() {
        try (var client = client(request -> request.method().equals("HEAD")
                ? answer(204, new byte[0], "Upload-Offset", "half of it")
                : answer(201, new byte[0]))) {
            client.upload(entry, RECIPIENTS, (_, _) -> {});
        }
    }

    @Test
    void aHealthWithoutATimeIsNoNetworks() {
        try (var client = client(_ -> answer(200, "null".getBytes(StandardCharsets.US_ASCII)))) {
            assertThatThrownBy(client::health)
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("not a Network");
        }
    }

    @Test
    void anyAnswerIsTakenOrRefused() throws IOException {
        fuzz(3_000);
    }

    @Test
    @Tag("campaign")
    void aMillionAnswersAreTakenOrRefused() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) throws IOException {
        random = new SplittableRandom(SEED);
        int refused = 0;
        try (var client = client(this::damaged)) {
            for (int i = 0; i < inputs; i++) {
                try {
                    ask(client, i);
                } catch (FedbiomedException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
                    assertThat(e.text()).isNotBlank().hasSizeLessThan(1_500).doesNotContain(ref.key());
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(inputs / 10, inputs - inputs / 10);
    }

    private void ask(ParameterStoreClient client, int i) throws IOException {
        switch (i % 5) {
            case 0 -> client.health();
            case 1 -> client.upload(entry, RECIPIENTS, (_, _) -> {});
            case 2 -> {
                var target = folder.resolve("target");
                client.download(ref, target, (_, _) -> {});
                assertThat(target).hasSameBinaryContentAs(plain);
                Files.delete(target);
            }
            case 3 -> client.delete(ref);
            default -> client.admits();
        }
    }

    private ScriptedHttp.Answer damaged(HttpRequest request) {
        var valid = request.uri().getPath().endsWith("health") ? HEALTH : PROBLEM;
        boolean entryAsked = request.method().equals("GET") && valid == PROBLEM;
        int status = random.nextInt(3) == 0 ? STATUSES.get(random.nextInt(STATUSES.size())) : 200;
        var body = entryAsked && status / 100 == 2 ? damagedEntry() : damagedText(valid);
        var headers = new HashMap<>(Map.of("Content-Length", List.of("" + body.length)));
        for (int i = random.nextInt(4); i > 0; i--) {
            headers.put(
                    HEADERS.get(random.nextInt(HEADERS.size())), List.of(NUMBERS.get(random.nextInt(NUMBERS.size()))));
        }
        return new ScriptedHttp.Answer(status, headers, body, random.nextInt(20) == 0);
    }

    private byte[] damagedEntry() {
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(sealed, random.nextInt(2 * sealed.length));
            case 1 -> {
                var bytes = sealed.clone();
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
                yield bytes;
            }
            default -> sealed;
        };
    }

    private byte[] damagedText(byte[] valid) {
        return switch (random.nextInt(20)) {
            case 0 -> new byte[0];
            // more than is read of it
            case 1 -> Arrays.copyOf(valid, 100_000);
            case 2, 3, 4 -> valid;
            default -> DamagedJson.of(valid, random);
        };
    }
}
