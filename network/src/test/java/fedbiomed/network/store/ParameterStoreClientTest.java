package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.network.BreakableConnection;
import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client of the parameter store against a real one, over a line that breaks. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParameterStoreClientTest {
    private static final PartyId NODE = PartyId.of("node-a");
    private static final PartyId OTHER = PartyId.of("node-b");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LARGE = 6 << 20;

    @TempDir
    Path files;

    private final Random random = new Random(1);
    private TestFederation federation;
    private TransportIdentity alice;
    private TransportIdentity node;
    private TransportIdentity other;

    @BeforeAll
    void start(@TempDir Path folder) {
        var quotas = new NetworkConfig.Quotas(
                DataSize.ofMebibytes(64),
                DataSize.ofMebibytes(128),
                DataSize.ofMebibytes(256),
                Duration.ofDays(1),
                Duration.ofDays(1));
        federation = new TestFederation(folder, TestFederation.settings().withQuotas(quotas, DataSize.ofMebibytes(1)));
        alice = federation.enrol(Role.RESEARCHER, "alice");
        node = federation.enrol(Role.NODE, "node-a");
        other = federation.enrol(Role.NODE, "node-b");
    }

    @AfterAll
    void stop() {
        federation.close();
    }

    private Path file(int bytes) throws Exception {
        var content = new byte[bytes];
        random.nextBytes(content);
        return Files.write(files.resolve("model" + random.nextInt()), content);
    }

    private static SealedEntry entry(Path file) throws IOException {
        return SealedEntry.of(file, file.resolveSibling(file.getFileName() + ".sealed"));
    }

    private ParameterStoreClient client(TransportIdentity party) {
        return new ParameterStoreClient(party, federation.network().address(), PATIENCE);
    }

    private ParameterStoreClient clientAt(int port, TransportIdentity party) {
        return new ParameterStoreClient(
                party, new FederationAddress("localhost", port, "localhost", port), PATIENCE, Duration.ofSeconds(2));
    }

    private BreakableConnection cable() throws Exception {
        return new BreakableConnection(federation.network().address().storePort());
    }

    private void arrives(TransportIdentity party, SealedEntry entry, Path original) throws Exception {
        var target = files.resolve(party.party() + "-" + random.nextInt());
        try (var reader = client(party)) {
            reader.download(entry.ref(), target, TransferProgress.NONE);
        }
        assertThat(target).hasSameBinaryContentAs(original);
        assertThat(target.resolveSibling(target.getFileName() + ".part")).doesNotExist();
    }

    private static boolean refused(ParameterStoreClient client, SealedEntry entry, Path target) {
        try {
            client.download(entry.ref(), target, TransferProgress.NONE);
            return false;
        } catch (FedbiomedException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
            assertThat(target).doesNotExist();
            return true;
        }
    }

    /** Notes how far a transfer was, and where it went back: {@code done} falls where bytes are sent anew. */
    private static final class Course implements TransferProgress {
        private final List<Long> done = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void moved(long now, long total) {
            done.add(now);
        }

        /** The positions to which the transfer went back. */
        List<Long> restarts() {
            return IntStream.range(1, done.size())
                    .filter(i -> done.get(i) < done.get(i - 1))
                    .mapToObj(done::get)
                    .toList();
        }

        /** Bytes that were moved more than once. */
        long repeated() {
            long repeated = 0;
            for (int i = 1; i < done.size(); i++) {
                repeated += Math.max(0, done.get(i - 1) - done.get(i));
            }
            return repeated;
        }
    }

    /** As where a caller runs its rounds there: transfers must not need a thread of it. */
    @Test
    void transfersDoNotWaitForTheCommonPool() throws Exception {
        var release = new CountDownLatch(1);
        int threads = ForkJoinPool.commonPool().getParallelism() + 1;
        var held = new CountDownLatch(ForkJoinPool.commonPool().getParallelism());
        for (int i = 0; i < threads; i++) {
            ForkJoinPool.commonPool().execute(() -> {
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        held.await();
        try (var sender = client(alice)) {
            var model = file(100_000);
            var entry = entry(model);
            sender.upload(entry, List.of(node.party()), TransferProgress.NONE);
            arrives(node, entry, model);
        } finally {
            release.countDown();
        }
    }

    /** Bytes of the upload that the store holds. */
    private long unfinished() throws IOException {
        try (var parts = Files.walk(federation.network().home().resolve("store/uploads"))) {
            return parts.filter(Files::isRegularFile)
                    .mapToLong(part -> part.toFile().length())
                    .max()
                    .orElse(0);
        }
    }

    @Test
    void anUploadThatBreaksGoesOnWhereTheStoreHasIt() throws Exception {
        var file = file(LARGE);
        var entry = entry(file);
        var course = new Course();
        try (var cable = cable();
                var client = clientAt(cable.port(), alice)) {
            // what is in buffers when the line breaks may be lost: the store has read a good part before it does
            cable.cutAfter(LARGE / 2, () -> Awaitility.await().atMost(PATIENCE).until(() -> unfinished() > LARGE / 4));
            client.upload(entry, List.of(NODE), course);
        }
        assertThat(course.restarts()).isNotEmpty().allMatch(position -> position > LARGE / 4);
        arrives(node, entry, file);
    }

    @Test
    void aDownloadThatBreaksGoesOnWhereItWas() throws Exception {
        var file = file(LARGE);
        var entry = entry(file);
        try (var client = client(alice)) {
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
        }
        var target = files.resolve("fetched");
        var course = new Course();
        try (var cable = cable();
                var client = clientAt(cable.port(), node)) {
            cable.cutAfter(LARGE / 2, () -> {});
            client.download(entry.ref(), target, course);
        }
        assertThat(target).hasSameBinaryContentAs(file);
        assertThat(course.repeated()).isZero();
    }

    /** A program that was killed in a download finds what it has. */
    @Test
    void aDownloadGoesOnFromThePartOfAnEarlierProgram() throws Exception {
        var file = file(LARGE);
        var entry = entry(file);
        var target = files.resolve("resumed");
        Files.write(
                target.resolveSibling("resumed.part"), java.util.Arrays.copyOf(Files.readAllBytes(file), 4_000_000));
        var course = new Course();
        try (var client = client(alice);
                var reader = client(node)) {
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
            reader.download(entry.ref(), target, course);
        }
        assertThat(target).hasSameBinaryContentAs(file);
        assertThat(course.done.getFirst()).isGreaterThan(4_000_000);
    }

    /** No reset, no end: the line is silent. Both ways are given up after the longest stall and made again. */
    @Test
    void aLineThatFallsSilentIsGivenUp() throws Exception {
        var file = file(LARGE);
        var entry = entry(file);
        try (var cable = cable();
                var client = clientAt(cable.port(), alice)) {
            client.upload(entry, List.of(NODE), silencing(cable));
        }
        arrives(node, entry, file);
        var target = files.resolve("after silence");
        try (var cable = cable();
                var client = clientAt(cable.port(), node)) {
            client.download(entry.ref(), target, silencing(cable));
        }
        assertThat(target).hasSameBinaryContentAs(file);
    }

    /** Lets the line fall silent in the middle, once. */
    private static TransferProgress silencing(BreakableConnection cable) {
        var done = new AtomicBoolean();
        return (now, total) -> {
            if (now > total / 3 && done.compareAndSet(false, true)) {
                cable.fallSilent();
            }
        };
    }

    @Test
    void aNetworkThatIsAwayIsWaitedFor() throws Exception {
        var file = file(10_000);
        var entry = entry(file);
        int port = FreePorts.next();
        try (var impatient = new ParameterStoreClient(
                alice, new FederationAddress("localhost", port, "localhost", port), Duration.ofMillis(500))) {
            assertThatThrownBy(() -> impatient.upload(entry, List.of(NODE), TransferProgress.NONE))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("localhost:" + port)
                    .hasMessageContaining("Is the Network running");
        }
        try (var cable = cable();
                var client = clientAt(cable.port(), alice)) {
            // refused once in the handshake, then let through
            cable.cutAfter(100, () -> {});
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
        }
        arrives(node, entry, file);
    }

    @Test
    void whatTheStoreHasIsSharedAndNotSentAgain() throws Exception {
        var file = file(LARGE);
        var entry = entry(file);
        var course = new Course();
        try (var client = client(alice);
                var reader = client(other)) {
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
            assertThat(refused(reader, entry, files.resolve("not for me"))).isTrue();
            client.upload(entry, List.of(OTHER), course);
        }
        assertThat(course.done).containsExactly(entry.stored().sizeBytes());
        arrives(other, entry, file);
        arrives(node, entry, file);
    }

    /** To be a recipient is not to be the sender: one who shares on what he was sent sends every byte. */
    @Test
    void aRecipientPassesOnOnlyBySendingItself() throws Exception {
        var file = file(50_000);
        var entry = entry(file);
        try (var client = client(alice);
                var reader = client(node)) {
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
            reader.upload(entry, List.of(OTHER), TransferProgress.NONE);
            client.delete(entry.ref());
            assertThat(refused(client, entry, files.resolve("withdrawn"))).isTrue();
        }
        arrives(other, entry, file);
    }

    @Test
    void anotherContentThanTheHashSaysIsRefusedOnBothWays() throws Exception {
        var file = file(50_000);
        var entry = entry(file);
        try (var client = client(alice);
                var reader = client(node)) {
            client.upload(entry, List.of(NODE), TransferProgress.NONE);
            var stored = federation
                    .network()
                    .home()
                    .resolve("store/entries/" + entry.ref().entry().substring(0, 2))
                    .resolve(entry.ref().entry());
            var bytes = Files.readAllBytes(stored);
            bytes[4711] ^= 1;
            Files.write(stored, bytes);
            var target = files.resolve("spoilt");
            assertThatThrownBy(() -> reader.download(entry.ref(), target, TransferProgress.NONE))
                    .hasMessageContaining("does not open")
                    .hasMessageContaining(entry.ref().entry());
            assertThat(target).doesNotExist();
            assertThat(files.resolve("spoilt.part")).doesNotExist();

            var changing = file(50_000);
            var before = entry(changing);
            Files.write(before.file(), new byte[(int) before.stored().sizeBytes()]);
            assertThatThrownBy(() -> client.upload(before, List.of(NODE), TransferProgress.NONE))
                    .hasMessageContaining("422")
                    .hasMessageContaining(before.ref().entry());
            assertThat(refused(reader, before, target)).isTrue();
        }
    }

    /** At its next request, which goes over the connection that is open. */
    @Test
    void aPartyThatIsRevokedIsRefusedOnItsOpenConnection() {
        var gone = federation.enrol(Role.NODE, "to-be-revoked");
        try (var client = client(gone)) {
            assertThat(client.admits()).isTrue();
            assertThat(federation.network().revoke(gone.party())).isTrue();
            assertThat(client.admits()).isFalse();
        }
    }

    /** Much of it would be under way when the answer comes: it is asked before it is sent. */
    @Test
    void aQuotaRefusalSaysWhichAndWhatToDo() throws Exception {
        var file = file(65 << 20);
        var entry = entry(file);
        var course = new Course();
        try (var client = client(alice)) {
            assertThatThrownBy(() -> client.upload(entry, List.of(NODE), course))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("413")
                    .hasMessageContaining("64 MiB")
                    .hasMessageContaining("quotas.entry");
        }
        assertThat(course.done).isEmpty();
    }
}
