package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a party with a certificate may send to the Network's HTTPS door, byte by byte: each request has an answer that is
 * not the Network's failure, and the Network serves on.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreFuzzTest {
    private static final long SEED = 20261125;
    private static final int PATIENCE_MILLIS = 240_000;
    private static final int WORKERS = 8;
    /** Exchanges of a connection that a failure shows. */
    private static final int REMEMBERED = 5;

    private static final List<String> METHODS =
            List.of("PUT", "GET", "HEAD", "DELETE", "POST", "PATCH", "OPTIONS", "TRACE", "put", "BREW");
    private static final List<String> PATHS = List.of(
            "/v1/parameters/", "/v1/enrol", "/v1/renew", "/v1/health", "/metrics", "/v1/openapi.yaml", "/", "*");
    private static final List<String> HEADERS = List.of(
            "Fedbiomed-Recipients: node-a,alice",
            "Content-Range: bytes 0-9/10",
            "Content-Range: bytes */10",
            "Content-Range: bytes 5-9/10",
            "Range: bytes=0-3",
            "Range: bytes=-3",
            "Expect: 100-continue",
            "Content-Type: application/json",
            "If-None-Match: *",
            "Upload-Offset: 3");
    private static final List<String> NUMBERS =
            List.of("-1", "0", "9223372036854775807", "9223372036854775808", "999999999999999999", "0x10", "1e9", "");
    private static final List<String> BODIES = List.of(
            "0123456789",
            "",
            "{\"secret\":\"x\",\"certificate_request\":\"-----BEGIN CERTIFICATE REQUEST-----\\nAAAA\\n-----END\"}",
            "{\"secret\":7,\"certificate_request\":null}",
            "[".repeat(2_000));

    private TestFederation federation;
    private SSLContext tls;
    private final ConcurrentSkipListMap<Integer, Integer> answers = new ConcurrentSkipListMap<>();
    private final LongAdder handshakes = new LongAdder();

    @BeforeAll
    void start(@TempDir Path folder) {
        var quotas = new NetworkConfig.Quotas(
                DataSize.ofMebibytes(2),
                DataSize.ofMebibytes(20),
                DataSize.ofMebibytes(30),
                Duration.ofDays(1),
                Duration.ofDays(1));
        // no request is to be answered by its number alone
        var limits = new Limits(64, 60_000, Integer.MAX_VALUE, Limits.DEFAULTS.strangers());
        federation = new TestFederation(
                folder,
                TestFederation.settings()
                        .withQuotas(quotas, DataSize.ofMebibytes(1))
                        .withLimits(limits));
        tls = federation.enrol(Role.RESEARCHER, "alice").sslContext();
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    /** A connection that is kept while the Network keeps it. */
    private final class Wire implements AutoCloseable {
        private @Nullable SSLSocket socket;
        private InputStream in = InputStream.nullInputStream();
        private final ArrayDeque<String> before = new ArrayDeque<>();

        SSLSocket open() throws IOException {
            var open = socket;
            if (open == null) {
                open = (SSLSocket) tls.getSocketFactory()
                        .createSocket(
                                "localhost", federation.network().address().storePort());
                open.setSoTimeout(PATIENCE_MILLIS);
                handshakes.increment();
                in = new BufferedInputStream(open.getInputStream());
                socket = open;
            }
            return open;
        }

        @Override
        public void close() throws IOException {
            if (socket != null) {
                socket.close();
                socket = null;
            }
        }

        /** One whose length is as it says. @return the status, -1 where the connection was ended without one */
        int exchange(String method, byte[] head, byte[] body) throws IOException {
            var socket = open();
            // at once: the second of two small writes would wait for the first one's acknowledgement (RFC 896)
            var request = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, request, head.length, body.length);
            try {
                socket.getOutputStream().write(request);
            } catch (IOException _) {
                // answered, and closed, before all was sent
            }
            int status = 100;
            boolean last = false;
            try {
                while (status == 100) {
                    var lines = lines();
                    if (lines.isEmpty()) {
                        close();
                        return -1;
                    }
                    assertThat(lines.getFirst())
                            .as(() -> "after " + before + " and " + new String(head, StandardCharsets.ISO_8859_1))
                            .startsWith("HTTP/1.1 ");
                    status = Integer.parseInt(lines.getFirst().substring(9, 12));
                    // to a HEAD that it cannot read, Jetty sends the error's page behind the header
                    last |= lines.contains("connection: close") || method.equals("HEAD") && status == 400;
                    before.add(new String(request, StandardCharsets.ISO_8859_1) + " answered by " + lines);
                    if (before.size() > REMEMBERED) {
                        before.remove();
                    }
                    skipBody(lines, status == 100 || status == 204 || status == 304 || method.equals("HEAD"));
                }
            } catch (IOException _) {
                // a reset: what the Network did not read went lost with its answer
                status = status == 100 ? -1 : status;
                last = true;
            }
            if (last) {
                close();
            }
            return status;
        }

        private List<String> lines() throws IOException {
            var lines = new ArrayList<String>();
            while (true) {
                var line = new StringBuilder();
                int c = in.read();
                for (; c >= 0 && c != '\n'; c = in.read()) {
                    line.append((char) c);
                }
                var text = line.toString().strip();
                if (text.isEmpty()) {
                    return lines;
                }
                lines.add(lines.isEmpty() ? text : text.toLowerCase(Locale.ROOT));
            }
        }

        private void skipBody(List<String> lines, boolean none) throws IOException {
            if (none) {
                return;
            }
            for (var line : lines) {
                if (line.startsWith("content-length:")) {
                    in.skipNBytes(Long.parseLong(line.substring(15).strip()));
                    return;
                }
                if (line.equals("transfer-encoding: chunked")) {
                    for (var size = line(); !size.equals("0"); size = line()) {
                        in.skipNBytes(Integer.parseInt(size, 16) + 2L);
                    }
                    lines();
                    return;
                }
            }
            // to the end of the connection
            in.transferTo(OutputStream.nullOutputStream());
            close();
        }

        private String line() throws IOException {
            var line = new StringBuilder();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.append((char) c);
            }
            return line.isEmpty() ? "0" : line.toString().strip();
        }
    }

    @Test
    void mutatedRequestsAreAnsweredAndTheNetworkServesOn() throws Exception {
        fuzz(300);
    }

    @Test
    @Tag("campaign")
    void aMillionMutatedRequestsAreAnsweredAndTheNetworkServesOn() throws Exception {
        fuzz(1_000_000);
    }

    /** Over several connections at once, which want the same few entries. */
    private void fuzz(int requests) throws Exception {
        long began = System.nanoTime();
        try (var workers = Executors.newFixedThreadPool(WORKERS)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < WORKERS; i++) {
                var random = new Random(SEED + i);
                running.add(workers.submit(() -> {
                    send(requests / WORKERS, random);
                    return null;
                }));
            }
            for (var worker : running) {
                worker.get();
            }
        }
        System.out.println(requests + " requests over " + handshakes + " connections in "
                + Duration.ofNanos(System.nanoTime() - began) + ", answers by status: " + answers);
        assertThat(answers.keySet()).as("more than the first check is reached").contains(200, 201, 400, 404);
        assertThat(answers.keySet()).as("too many a minute").doesNotContain(429);
        var body = "served on".getBytes(StandardCharsets.UTF_8);
        var head = "PUT /v1/parameters/" + Sha256.of(body)
                + " HTTP/1.1\r\nHost: localhost\r\nFedbiomed-Recipients: alice\r\nContent-Length: "
                + body.length + "\r\n\r\n";
        try (var wire = new Wire()) {
            assertThat(wire.exchange("PUT", head.getBytes(StandardCharsets.UTF_8), body))
                    .isIn(200, 201);
        }
    }

    private void send(int requests, Random random) throws IOException {
        try (var wire = new Wire()) {
            for (int i = 0; i < requests; i++) {
                var method = pick(METHODS.subList(0, random.nextInt(3) == 0 ? METHODS.size() : 4), random);
                var body = body(random);
                var head = head(method, body.length, random);
                int status = i % 20 == 19 ? broken(head, body, random) : wire.exchange(method, head, body);
                answers.merge(status, 1, Integer::sum);
                assertThat(status)
                        .as(() -> "the answer to " + new String(head, StandardCharsets.ISO_8859_1))
                        .isNotEqualTo(500);
            }
        }
    }

    private static <T> T pick(List<T> from, Random random) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] body(Random random) {
        var body = pick(BODIES.subList(0, random.nextInt(2) == 0 ? BODIES.size() : 1), random)
                .getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(3) == 0) {
            for (int i = 0; i < body.length && i < 8; i++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
        }
        return body;
    }

    private static byte[] head(String method, int length, Random random) {
        var path = pick(PATHS.subList(0, random.nextInt(3) == 0 ? PATHS.size() : 1), random);
        if (path.equals("/v1/parameters/")) {
            path += random.nextInt(8) == 0
                    ? mutated(Sha256.of("0123456789"), random)
                    : Sha256.of(random.nextInt(4) == 0 ? "another" : "0123456789");
        } else if (random.nextInt(6) == 0) {
            path += mutated("x%2e%00", random);
        }
        var text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
        if (random.nextInt(4) != 0) {
            text.append(HEADERS.getFirst()).append("\r\n");
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(mutatedHeader(pick(HEADERS, random), random)).append("\r\n");
        }
        if (random.nextInt(50) == 0) {
            text.append("X-Long: ").append("x".repeat(random.nextInt(120_000))).append("\r\n");
        }
        text.append("Content-Length: ").append(length).append("\r\n\r\n");
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String mutatedHeader(String header, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> mutated(header, random);
            case 1 -> header.replaceFirst("[0-9]+", pick(NUMBERS, random));
            default -> header;
        };
    }

    /** No line end comes in, so that the length stays what it is. */
    private static String mutated(String text, Random random) {
        var characters = text.toCharArray();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int c = random.nextInt(256);
            characters[random.nextInt(characters.length)] = (char) (c < 32 ? '/' : c);
        }
        return new String(characters);
    }

    /** A request whose frame is broken too: on a connection of its own, whose end the Network sees. */
    private int broken(byte[] head, byte[] body, Random random) throws IOException {
        var bytes = (new String(head, StandardCharsets.ISO_8859_1) + new String(body, StandardCharsets.ISO_8859_1))
                .getBytes(StandardCharsets.ISO_8859_1);
        if (random.nextInt(3) == 0) {
            bytes = new String(bytes, StandardCharsets.ISO_8859_1)
                    .replaceFirst("Content-Length: [0-9]+", "Transfer-Encoding: chunked")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        try (var wire = new Wire()) {
            var socket = wire.open();
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                var answer = new String(wire.in.readAllBytes(), StandardCharsets.ISO_8859_1);
                return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : -1;
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException _) {
                return -1;
            }
        }
    }
}
