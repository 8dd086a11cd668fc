package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest {
    private static final PartyId ALICE = PartyId.of("alice");
    private static final PartyId NODE = PartyId.of("node-a");

    @TempDir
    Path folder;

    private FolderStore store(long reserve, Clock clock) throws Exception {
        return new FolderStore(
                folder,
                new FolderStore.Limits(1 << 20, 1 << 22, 1 << 23, reserve, Duration.ofHours(1), Duration.ofHours(1)),
                clock);
    }

    private static String keep(FolderStore store, String text) throws Exception {
        var bytes = text.getBytes();
        try (var upload = store.upload(ALICE, Sha256.of(bytes), Set.of(NODE), 0, bytes.length)) {
            upload.write(bytes, 0, bytes.length);
            upload.finish();
        }
        return Sha256.of(bytes);
    }

    @Test
    void aFullDiskRefusesTheNewAndKeepsTheOld() throws Exception {
        String kept;
        try (var store = store(0, Clock.systemUTC())) {
            kept = keep(store, "kept");
        }
        try (var store = store(Long.MAX_VALUE, Clock.systemUTC())) {
            assertThatThrownBy(() -> keep(store, "new"))
                    .isInstanceOf(StoreRefusal.class)
                    .extracting(e -> ((StoreRefusal) e).reason())
                    .isEqualTo(StoreRefusal.Reason.DISK_FULL);
            assertThat(store.usage()).isEqualTo(new EntryStore.Usage(1, 4, 0, 0));
            assertThat(store.find(NODE, kept)).isPresent();
        }
    }

    @Test
    void whatIsPastItsTimeGoesWithItsFile() throws Exception {
        String hash;
        try (var store = store(0, Clock.systemUTC())) {
            hash = keep(store, "brief");
            try (var upload = store.upload(ALICE, Sha256.of("x"), Set.of(), 0, 10)) {
                upload.write(new byte[3], 0, 3);
            }
            assertThat(store.sweep()).isZero();
        }
        try (var store = store(0, Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))) {
            assertThat(store.find(NODE, hash)).isEmpty();
            assertThat(store.sweep()).isEqualTo(2);
            assertThat(store.usage()).isEqualTo(new EntryStore.Usage(0, 0, 0, 0));
        }
        try (var files = Files.walk(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith(hash));
        }
    }

    @Test
    void anEntryThatIsDroppedBetweenFindingAndOpeningIsNotThereAndALostOneIsAFailure() throws Exception {
        try (var store = store(0, Clock.systemUTC())) {
            var hash = keep(store, "brief");
            var found = store.find(NODE, hash).orElseThrow();
            store.drop(ALICE, hash);
            assertThatThrownBy(() -> store.open(found))
                    .isInstanceOf(StoreRefusal.class)
                    .extracting(e -> ((StoreRefusal) e).reason())
                    .isEqualTo(StoreRefusal.Reason.NOT_FOUND);
            keep(store, "brief");
            Files.delete(folder.resolve("entries").resolve(hash.substring(0, 2)).resolve(hash));
            assertThatThrownBy(() -> store.open(found)).isInstanceOf(NoSuchFileException.class);
        }
    }

    @Test
    void anUploadThatHangsGivesWayToTheOneThatResumesIt() throws Exception {
        var bytes = "0123456789".getBytes();
        try (var store = store(0, Clock.systemUTC());
                var hanging = store.upload(ALICE, Sha256.of(bytes), Set.of(NODE), 0, 10)) {
            hanging.write(bytes, 0, 4);
            try (var next = store.upload(ALICE, Sha256.of(bytes), Set.of(NODE), 4, 10)) {
                assertThatThrownBy(() -> hanging.write(bytes, 4, 1)).isInstanceOf(StoreRefusal.class);
                next.write(bytes, 4, 6);
                next.finish();
            }
            assertThat(store.find(NODE, Sha256.of(bytes))).isPresent();
        }
    }

    @Test
    void filesAndIndexAgreeAgainAfterACrashBetweenThem() throws Exception {
        String lost;
        String kept;
        try (var store = store(0, Clock.systemUTC())) {
            lost = keep(store, "lost");
            kept = keep(store, "kept");
        }
        Files.delete(folder.resolve("entries").resolve(lost.substring(0, 2)).resolve(lost));
        var orphan = folder.resolve("entries/ab/" + "ab".repeat(32));
        Files.createDirectories(orphan.getParent());
        Files.writeString(orphan, "renamed but not indexed");
        try (var store = store(0, Clock.systemUTC())) {
            assertThat(store.find(NODE, lost)).isEmpty();
            assertThat(store.find(NODE, kept)).isPresent();
            assertThat(orphan).doesNotExist();
        }
    }

    /** Two writers, each of which waits in the middle until the other has come as far: one lock for both would not end. */
    @Test
    @Timeout(120)
    void uploadsOfDifferentEntriesGoOnSideBySide() throws Exception {
        try (var store = store(0, Clock.systemUTC())) {
            var inTheMiddle = new CyclicBarrier(8);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var uploads = new ArrayList<Future<String>>();
                for (int i = 0; i < 8; i++) {
                    var bytes = ("entry " + i + " ").repeat(10_000).getBytes();
                    uploads.add(threads.submit(() -> {
                        try (var upload = store.upload(ALICE, Sha256.of(bytes), Set.of(NODE), 0, bytes.length)) {
                            upload.write(bytes, 0, 1000);
                            inTheMiddle.await(60, TimeUnit.SECONDS);
                            upload.write(bytes, 1000, bytes.length - 1000);
                            upload.finish();
                            return Sha256.of(bytes);
                        }
                    }));
                }
                for (var upload : uploads) {
                    assertThat(store.find(NODE, upload.get())).isPresent();
                }
            }
            assertThat(store.usage().unfinished()).isZero();
        }
    }

    /** All send the same entry, some as the same party: it is kept once, and nobody's claim is lost. */
    @Test
    @Timeout(120)
    void uploadsOfOneEntryByManyEndWithOneFileAndAllClaims() throws Exception {
        var bytes = "the same ".repeat(50_000).getBytes();
        var hash = Sha256.of(bytes);
        try (var store = store(0, Clock.systemUTC())) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var uploads = new ArrayList<Future<Boolean>>();
                for (int i = 0; i < 16; i++) {
                    var sender = PartyId.of("sender-" + i % 8);
                    uploads.add(threads.submit(() -> kept(store, sender, hash, bytes)));
                }
                int kept = 0;
                for (var upload : uploads) {
                    kept += upload.get() ? 1 : 0;
                }
                assertThat(kept).isBetween(8, 16);
            }
            for (int i = 0; i < 8; i++) {
                assertThat(store.find(PartyId.of("sender-" + i), hash)).isPresent();
                assertThat(store.drop(PartyId.of("sender-" + i), hash)).isTrue();
            }
            assertThat(store.usage()).isEqualTo(new EntryStore.Usage(0, 0, 0, 0));
        }
    }

    private static boolean kept(FolderStore store, PartyId sender, String hash, byte[] bytes) throws Exception {
        try (var upload = store.upload(sender, hash, Set.of(NODE), 0, bytes.length)) {
            for (int at = 0; at < bytes.length; at += 10_000) {
                upload.write(bytes, at, Math.min(10_000, bytes.length - at));
            }
            upload.finish();
            return true;
        } catch (StoreRefusal refusal) {
            // the same party's other connection took over
            assertThat(refusal.reason()).isEqualTo(StoreRefusal.Reason.WRONG_OFFSET);
            return false;
        }
    }
}
