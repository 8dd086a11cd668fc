package fedbiomed.benchmarks;

import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.time.Duration;
import java.util.List;

/**
 * One way of a model, in a JVM of its own that has done nothing before: {@code send} or {@code fetch}, {@code plain} or
 * {@code sealed}. Prints the seconds from the file on the sender's disk to the whole entry in the store, or from there to
 * the file, checked and forced, on the receiver's.
 */
final class MoveModel {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final double NANOS = 1e9;

    private MoveModel() {}

    /** @param args send or fetch, plain or sealed, the party's home, the model, where its reference stands, the recipient */
    static void main(String[] args) throws IOException, InterruptedException {
        boolean seal = args[1].equals("sealed");
        var home = Path.of(args[2]);
        var model = Path.of(args[3]);
        var reference = Path.of(args[4]);
        try (var store =
                new ParameterStoreClient(TransportIdentity.load(home), FederationAddress.load(home), PATIENCE)) {
            long start = System.nanoTime();
            if (args[0].equals("send")) {
                send(store, seal, model, reference, PartyId.of(args[5]));
            } else if (seal) {
                store.download(
                        Json.MAPPER.readValue(reference.toFile(), SealedRef.class), model, TransferProgress.NONE);
            } else {
                fetchPlain(home, Json.MAPPER.readValue(reference.toFile(), ParametersRef.class), model);
            }
            System.out.println((System.nanoTime() - start) / NANOS);
        }
        System.exit(0);
    }

    private static void send(ParameterStoreClient store, boolean seal, Path model, Path reference, PartyId to)
            throws IOException {
        if (seal) {
            var entry = SealedEntry.of(model, model.resolveSibling("model.sealed"));
            store.upload(entry, List.of(to), TransferProgress.NONE);
            Files.write(reference, Json.bytes(entry.ref()));
        } else {
            var plain = ParameterStoreClient.reference(model);
            store.upload(model, plain, List.of(to), TransferProgress.NONE);
            Files.write(reference, Json.bytes(plain));
        }
    }

    /** The same without opening: streamed to the disk, hashed on the way, forced. */
    private static void fetchPlain(Path home, ParametersRef ref, Path model) throws IOException, InterruptedException {
        var address = FederationAddress.load(home);
        var get = HttpRequest.newBuilder(URI.create(
                        "https://" + address.host() + ":" + address.storePort() + "/v1/parameters/" + ref.sha256()))
                .build();
        try (var http = TransportIdentity.load(home)
                .httpClient()
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            var answer = http.send(get, HttpResponse.BodyHandlers.ofInputStream());
            var digest = Sha256.digest();
            try (var in = new DigestInputStream(answer.body(), digest)) {
                Files.copy(in, model);
            }
            try (var file = FileChannel.open(model, StandardOpenOption.WRITE)) {
                file.force(true);
            }
            if (answer.statusCode() != 200 || !Sha256.hex(digest.digest()).equals(ref.sha256())) {
                throw new IOException("status " + answer.statusCode() + ", or another content");
            }
        }
    }
}
