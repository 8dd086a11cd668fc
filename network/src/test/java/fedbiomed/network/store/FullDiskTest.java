package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import fedbiomed.network.TestFederation;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store on a disk that really fills up: a small file system of its own, which only root may make. */
@Timeout(300)
class FullDiskTest {
    private static final List<PartyId> NODE = List.of(PartyId.of("node-a"));
    private static final int DISK_MEBIBYTES = 12;

    @TempDir
    Path folder;

    private Path disk;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectories(folder.resolve("network/store"));
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MEBIBYTES + "m", "tmpfs", disk.toString()))
                .as("a small file system can be mounted here (that needs root)")
                .isZero();
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static int run(String... command) throws Exception {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } catch (IOException e) {
            return -1;
        }
    }

    private Path file(int bytes) throws IOException {
        var content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        return Files.write(folder.resolve("model-" + bytes), content);
    }

    /** Something else takes all the space that is left. */
    private Path fill() throws IOException {
        var filler = disk.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            var block = new byte[4096];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return filler;
        }
    }

    private List<String> files(String under) throws IOException {
        try (var all = Files.walk(disk.resolve(under))) {
            return all.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    @Test
    void anUploadInWhichTheDiskFillsUpLeavesNothingAndTheStoreGoesOn() throws Exception {
        // a reserve of one byte: it is the disk that refuses, not the look at it beforehand
        var config = TestFederation.settings()
                .withQuotas(fedbiomed.network.NetworkConfig.DEFAULTS.quotas(), new DataSize(1));
        try (var federation = new TestFederation(folder, config);
                var client = new ParameterStoreClient(
                        federation.enrol(Role.RESEARCHER, "alice"),
                        federation.network().address(),
                        Duration.ofSeconds(60));
                var reader = new ParameterStoreClient(
                        federation.enrol(Role.NODE, "node-a"),
                        federation.network().address(),
                        Duration.ofSeconds(60))) {
            var kept = file(1_000_000);
            var keptEntry = entry(kept);
            client.upload(keptEntry, NODE, TransferProgress.NONE);
            var large = file(6_000_000);
            var largeEntry = entry(large);
            var filler = new Path[1];

            assertThatThrownBy(() -> client.upload(largeEntry, NODE, (done, _) -> {
                        if (done > 1_000_000 && filler[0] == null) {
                            filler[0] = fill(this);
                        }
                    }))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("the Network's disk is full")
                    .hasMessageContaining("free space");

            assertThat(files("uploads")).isEmpty();
            assertThat(files("entries")).containsExactly(keptEntry.ref().entry());
            arrives(reader, keptEntry, kept, "kept");
            Files.delete(filler[0]);
            client.upload(largeEntry, NODE, TransferProgress.NONE);
            arrives(reader, largeEntry, large, "large");
            // more than the whole disk is refused before a byte of it is sent
            var tooLarge = file((DISK_MEBIBYTES + 1) << 20);
            assertThatThrownBy(() -> client.upload(entry(tooLarge), NODE, TransferProgress.NONE))
                    .hasMessageContaining("disk is full");
        }
    }

    private SealedEntry entry(Path file) throws IOException {
        return SealedEntry.of(file, folder.resolve(file.getFileName() + ".sealed"));
    }

    private static Path fill(FullDiskTest test) {
        try {
            return test.fill();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void arrives(ParameterStoreClient reader, SealedEntry entry, Path original, String name) {
        var target = folder.resolve(name);
        reader.download(entry.ref(), target, TransferProgress.NONE);
        assertThat(target).hasSameBinaryContentAs(original);
    }

    /** The file was written and then there is no room to enter it into the index: it is not half there. */
    @Test
    void anEntryThatTheIndexHasNoRoomForIsNotKept() throws Exception {
        var limits = new FolderStore.Limits(
                1 << 20, 1 << 24, 1 << 24, -Long.MAX_VALUE, Duration.ofHours(1), Duration.ofHours(1));
        try (var store = new FolderStore(disk, limits, java.time.Clock.systemUTC())) {
            var bytes = new byte[100_000];
            var hash = fedbiomed.vocabulary.Sha256.of(bytes);
            Path filler;
            try (var upload = store.upload(NODE.getFirst(), hash, java.util.Set.of(), 0, bytes.length)) {
                upload.write(bytes, 0, bytes.length);
                filler = fill();
                assertThatThrownBy(upload::finish)
                        .isInstanceOf(StoreRefusal.class)
                        .hasMessageContaining("disk is full");
            }
            assertThat(files("uploads")).isEmpty();
            assertThat(files("entries")).isEmpty();
            assertThat(store.usage()).isEqualTo(new EntryStore.Usage(0, 0, 0, 0));
            Files.delete(filler);
            try (var upload = store.upload(NODE.getFirst(), hash, java.util.Set.of(), 0, bytes.length)) {
                upload.write(bytes, 0, bytes.length);
                upload.finish();
            }
            assertThat(store.find(NODE.getFirst(), hash)).isPresent();
        }
    }
}
