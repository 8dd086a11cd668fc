package fedbiomed.protocol.store;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.protocol.audit.NetworkWitness;
import fedbiomed.protocol.audit.SignedHead;
import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Network's parameter store, from a party's side. Files stream both ways, sealed, are checked against their SHA-256, and an
 * interrupted transfer goes on where it stopped; while the Network is away it is tried again until {@code patience} ends.
 */
public final class ParameterStoreClient implements ParameterStore {
    private volatile @Nullable NetworkWitness witness;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofMinutes(5);
    /** The store hashes and fsyncs a large entry after its last byte: nothing moves then. */
    private static final Duration LONGEST_STALL = Duration.ofMinutes(5);

    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5000;
    private static final int BUFFER_BYTES = 1 << 16;

    private volatile HttpClient http;
    private final String base;
    private final Duration patience;
    private final Duration longestStall;
    private final Turns turns;

    /** @param patience how long a Network that is away is waited for: time in which a transfer comes no further */
    public ParameterStoreClient(TransportIdentity transport, FederationAddress address, Duration patience) {
        this(transport, address, patience, LONGEST_STALL);
    }

    /** As above; an attempt in which nothing moves for {@code longestStall} is given up, and made again. */
    public ParameterStoreClient(
            TransportIdentity transport, FederationAddress address, Duration patience, Duration longestStall) {
        this(client(transport), address, patience, longestStall);
    }

    ParameterStoreClient(HttpClient http, FederationAddress address, Duration patience, Duration longestStall) {
        this.http = http;
        this.base = "https://" + address.host() + ":" + address.storePort() + "/v1/";
        this.patience = patience;
        this.longestStall = longestStall;
        this.turns = new Turns(patience);
    }

    private static HttpClient client(TransportIdentity transport) {
        return transport
                .httpClient()
                .connectTimeout(CONNECT_TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /** Goes on with this party's new certificate; transfers under way end with the one that they began with. */
    public void renew(TransportIdentity renewed) {
        http = client(renewed);
    }

    /**
     * What the Network says of itself.
     *
     * @param epoch another one after each start of its broker
     * @param time by its clock
     */
    public record Health(String epoch, Instant time) {}

    /** @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if it does not answer */
    public Health health() {
        try {
            var health = turns.await(() -> {
                var response = http.send(
                        request("health").timeout(CONNECT_TIMEOUT).GET().build(), BodyHandlers.ofInputStream());
                var told = StoreAnswer.successBody(response);
                witness(response, told.path("audit"));
                return told;
            });
            return new Health(
                    health.path("epoch").asText(""),
                    Instant.parse(health.path("time").asText("")));
        } catch (DateTimeParseException e) {
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "what answers at " + base + " is not a Network: no time in its health",
                    e);
        } catch (IOException e) {
            throw unavailable("ask the Network's health", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Who keeps what the Network says of its audit log's end; said before the first question. */
    public void witnessedBy(NetworkWitness keeper) {
        witness = keeper;
    }

    private void witness(HttpResponse<?> response, JsonNode audit) throws IOException {
        var keeper = witness;
        var session = response.sslSession();
        if (keeper != null
                && audit.isObject()
                && session.isPresent()
                && session.get().getPeerCertificates()[0] instanceof X509Certificate network) {
            var signed = new SignedHead(
                    audit.path("head").asText(),
                    audit.path("time").asText(),
                    audit.path("signature").asText());
            keeper.saw(signed, network);
        }
    }

    /** Whether the store knows this party's certificate; false where it was revoked or replaced. */
    public boolean admits() {
        var any = request("parameters/" + "0".repeat(64)).timeout(CONNECT_TIMEOUT);
        try {
            return http.send(any.HEAD().build(), BodyHandlers.discarding()).statusCode() != 403;
        } catch (IOException e) {
            throw unavailable("ask for admission", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The Network's epoch: another one after each start of its broker. */
    public String epoch() {
        return health().epoch();
    }

    /** What {@code file} is, before it is sealed; reads it once. */
    public static ParametersRef reference(Path file) throws IOException {
        return new ParametersRef(Sha256.of(file), Files.size(file));
    }

    /** Makes {@code entry} available to {@code recipients}, as {@link #upload(Path, ParametersRef, Collection, TransferProgress)}. */
    @Override
    public void upload(SealedEntry entry, Collection<PartyId> recipients, TransferProgress progress) {
        upload(entry.file(), entry.stored(), recipients, progress);
    }

    /**
     * Makes {@code file}'s bytes, as they are, available to {@code recipients}. What the store holds already of it is not sent again.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} saying why and what to do
     */
    public void upload(Path file, ParametersRef ref, Collection<PartyId> recipients, TransferProgress progress) {
        var names = recipients.stream().map(PartyId::value).sorted().distinct().collect(Collectors.joining(","));
        retrying("store parameters", progress, transfer -> {
            long held = turns.await(() -> held(ref));
            if (held < ref.sizeBytes() || !turns.await(() -> share(ref, names))) {
                turns.await(() -> put(file, ref, names, held < ref.sizeBytes() ? held : 0, transfer));
            }
            transfer.moved(ref.sizeBytes(), ref.sizeBytes());
        });
    }

    /** Bytes that the store holds of this entry for us: of our unfinished upload, or all. */
    private long held(ParametersRef ref) throws IOException, InterruptedException {
        var head = http.send(
                request("parameters/" + ref.sha256())
                        .timeout(RESPONSE_TIMEOUT)
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
        StoreAnswer.requireTurn(head);
        if (head.statusCode() == 200) {
            return ref.sizeBytes();
        }
        return Math.clamp(StoreAnswer.number("Upload-Offset", head).orElse(0), 0, ref.sizeBytes());
    }

    /** Adds recipients to an entry that we sent before. @return false if it is another's, which may not be shared on */
    private boolean share(ParametersRef ref, String names) throws IOException, InterruptedException {
        var response = http.send(
                request("parameters/" + ref.sha256())
                        .timeout(RESPONSE_TIMEOUT)
                        .header("Fedbiomed-Recipients", names)
                        .header("Content-Range", "bytes */" + ref.sizeBytes())
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofInputStream());
        if (response.statusCode() == 404) {
            response.body().close();
            return false;
        }
        StoreAnswer.requireSuccess(response);
        return true;
    }

    private boolean put(Path file, ParametersRef ref, String names, long offset, Transfer transfer)
            throws IOException, InterruptedException {
        var put = request("parameters/" + ref.sha256())
                .header("Fedbiomed-Recipients", names)
                // a refusal comes before the bytes are sent, not in the middle of them
                .expectContinue(true)
                .PUT(FileBody.from(file, offset, ref.sizeBytes(), transfer));
        if (offset > 0) {
            put.header("Content-Range", "bytes " + offset + "-" + (ref.sizeBytes() - 1) + "/" + ref.sizeBytes());
        }
        StoreAnswer.requireSuccess(send(put.build(), transfer));
        return true;
    }

    /**
     * In a thread of its own, so that it can be given up. Not by {@link HttpClient#sendAsync}: that brings the answer by
     * the JVM's common pool, and a caller who holds its threads (a round in {@code supplyAsync}, on two cores) would wait
     * for itself.
     */
    private HttpResponse<InputStream> send(HttpRequest request, Transfer transfer)
            throws IOException, InterruptedException {
        var answer = new FutureTask<>(() -> http.send(request, BodyHandlers.ofInputStream()));
        Thread.ofVirtual().name("store-request").start(answer);
        return transfer.watched(() -> await(answer), () -> answer.cancel(true));
    }

    private static HttpResponse<InputStream> await(FutureTask<HttpResponse<InputStream>> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } catch (CancellationException e) {
            throw new IOException("given up", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    /**
     * Brings an entry, opened, to {@code target}, which appears whole or not at all; {@code target + ".part"} keeps what
     * has come.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if it is not there for this party, or not what was announced
     */
    @Override
    public void download(SealedRef ref, Path target, Durability durability, TransferProgress progress) {
        var part = target.resolveSibling(target.getFileName() + ".part");
        retrying("fetch parameters", progress, transfer -> {
            Files.createDirectories(target.toAbsolutePath().getParent());
            long held = OpeningFile.held(ref, part);
            if (held < OpeningFile.sealedBytes(ref)) {
                fetchFrom(held, ref, part, durability, transfer);
            } else {
                try (var file = new OpeningFile(ref, part, true, durability)) {
                    file.finish();
                }
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
    }

    private void fetchFrom(long held, SealedRef ref, Path part, Durability durability, Transfer transfer)
            throws IOException, InterruptedException {
        var get = request("parameters/" + ref.entry()).GET();
        if (held > 0) {
            get.header("Range", "bytes=" + held + "-");
        }
        var response = turns.await(() -> {
            var answer = send(get.build(), transfer);
            StoreAnswer.requireSuccess(answer.statusCode(), answer);
            return answer;
        });
        boolean goesOn = response.statusCode() == 206;
        if (!goesOn) {
            requireAnnouncedSize(ref, response);
        }
        try (InputStream in = response.body();
                var file = new OpeningFile(ref, part, goesOn, durability)) {
            transfer.watched(() -> open(in, goesOn ? held : 0, ref, file, transfer), in::close);
            file.finish();
        }
    }

    /** Said at once: what is shorter than it was announced would be asked for again and again. */
    private static void requireAnnouncedSize(SealedRef ref, HttpResponse<InputStream> response) throws IOException {
        long announced = OpeningFile.sealedBytes(ref);
        long length = StoreAnswer.number("Content-Length", response).orElse(announced);
        if (length != announced) {
            response.body().close();
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "the store has " + length + " bytes of " + ref.entry() + ", and " + announced
                            + " were announced; their sender names the right size");
        }
    }

    private static long open(InputStream in, long held, SealedRef ref, OpeningFile file, Transfer transfer)
            throws IOException {
        long done = held;
        var buffer = new byte[BUFFER_BYTES];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            file.write(buffer, n);
            done += n;
            transfer.moved(done, OpeningFile.sealedBytes(ref));
        }
        return done;
    }

    /** Withdraws this party's claim on an entry; no error if there is none. */
    @Override
    public void delete(SealedRef ref) {
        try {
            turns.await(() -> StoreAnswer.requireTurn(http.send(
                    request("parameters/" + ref.entry())
                            .timeout(RESPONSE_TIMEOUT)
                            .DELETE()
                            .build(),
                    BodyHandlers.discarding())));
        } catch (IOException e) {
            throw unavailable("delete parameters", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private interface Attempt {
        void run(Transfer transfer) throws IOException, InterruptedException;
    }

    private void retrying(String what, TransferProgress progress, Attempt attempt) {
        var transfer = new Transfer(progress, longestStall);
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            long before = transfer.gainedNanos();
            try {
                attempt.run(transfer);
                return;
            } catch (IOException e) {
                if (System.nanoTime() - transfer.gainedNanos() > patience.toNanos()) {
                    throw unavailable(what, e);
                }
                pause = transfer.gainedNanos() == before ? pause : FIRST_PAUSE_MILLIS;
                try {
                    Thread.sleep(e instanceof StoreBusy busy ? busy.waitMillis() : pause);
                } catch (InterruptedException interrupt) {
                    throw interrupted(interrupt);
                }
                pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private FedbiomedException unavailable(String what, IOException e) {
        return new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE,
                "cannot " + what + " at " + base + " ("
                        + e.getClass().getSimpleName()
                        + (e.getMessage() == null ? "" : ": " + Text.shown(e.getMessage()))
                        + "). Is the Network running, and its address right?",
                e);
    }

    private static FedbiomedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new FedbiomedException(ErrorCode.CANCELLED, "interrupted", e);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
