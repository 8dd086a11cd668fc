package fedbiomed.network.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
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
}
