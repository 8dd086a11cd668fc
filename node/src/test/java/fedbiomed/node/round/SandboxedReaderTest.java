package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.DuckDb;
import fedbiomed.node.Sandboxes;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that native code decodes are read in a process of their own, which may die and may lie. */
class SandboxedReaderTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private WorkerSettings settings(WorkerLimits limits) {
        var home = folder.resolve("home");
        return new WorkerSettings(
                home.resolve("reading"),
                home.resolve("logs"),
                home.resolve("cache"),
                Sandboxes.HERE,
                limits,
                Duration.ZERO,
                0,
                1,
                true,
                GpuPolicy.NONE);
    }

    private SandboxedReader reader(long memoryBytes, Duration time) {
        return new SandboxedReader(
                settings(new WorkerLimits(256L << 20, memoryBytes, 1 << 20, 0, 1 << 20, 1, 100, time, time)),
                Clock.systemUTC());
    }

    private SandboxedReader reader() {
        return reader(1L << 30, PATIENCE);
    }

    private StoredDataset parquet() throws IOException, SQLException {
        var file = Files.createDirectories(folder.resolve("data")).resolve("cohort.parquet");
        try (var duckDb = DuckDb.open(List.of(file), "", "0MB");
                var statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (SELECT 61 AS age, 'f' AS sex) TO " + DuckDb.text(file.toString()) + " (FORMAT parquet)");
        }
        return StoredDataset.of(DatasetKinds.PARQUET, file, Map.of("types", "sex:categorical(f|m)"));
    }

    private StoredDataset images() throws IOException {
        for (int i = 0; i < 300; i++) {
            var file = Files.createDirectories(folder.resolve("images/class-" + i % 2))
                    .resolve(i + ".jpg");
            ImageIO.write(new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY), "jpg", file.toFile());
        }
        return new StoredDataset("image-folder", folder.resolve("images"));
    }

    private void leavesNothing() throws IOException {
        try (var left = Files.list(folder.resolve("home/reading"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatIsReadInTheSandboxIsWhatWouldBeReadHere() throws IOException, SQLException {
        var seen = new ArrayList<Long>();
        try (var reader = reader()) {
            var table = parquet();
            assertThat(reader.read(table, ReadProgress.NONE)).isEqualTo(DatasetKinds.describe(table));
            var images = images();
            assertThat(reader.read(images, (done, samples) -> {
                        assertThat(done).isBetween(0L, samples);
                        seen.add(samples);
                    }))
                    .isEqualTo(DatasetKinds.describe(images));
        }
        assertThat(seen).as("progress").isNotEmpty().containsOnly(300L);
        leavesNothing();
    }

    @Test
    void whatIsWrongIsToldAsItWouldBeHere() throws IOException, SQLException {
        var damaged = parquet();
        Files.writeString(damaged.path(), "PAR1 and no more");
        var absent = new StoredDataset(DatasetKinds.PARQUET, folder.resolve("none.parquet"));
        var setting = StoredDataset.of(DatasetKinds.PARQUET, damaged.path(), Map.of("nosuch", "x"));
        try (var reader = reader()) {
            for (var data : List.of(damaged, absent, setting)) {
                var here = failure(() -> DatasetKinds.describe(data));
                var there = failure(() -> reader.read(data, ReadProgress.NONE));
                assertThat(there.text()).isEqualTo(here.text());
                assertThat(there.code()).isEqualTo(here.code());
            }
        }
        leavesNothing();
    }

    private static FedbiomedException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(FedbiomedException.class, call);
    }

    /** What native code does when it crashes: the signal comes from outside, the crash is the JVM's own. */
    @Test
    void aProcessThatCrashesIsAnErrorThatNamesTheFile() throws IOException, SQLException {
        try (var reader = reader()) {
            var data = parquet();
            // after it the look at bubblewrap, which starts a JVM, too, is not made again
            assertThat(reader.read(data, ReadProgress.NONE).samples()).isEqualTo(1);
            assertThatThrownBy(() -> whileItReads("-SEGV", () -> reader.read(data, ReadProgress.NONE)))
                    .isInstanceOfSatisfying(FedbiomedException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT);
                        assertThat(e.text())
                                .contains(
                                        "cohort.parquet",
                                        "crashed",
                                        "native code",
                                        "damaged, or made to harm",
                                        "logs/");
                    });
            assertThatThrownBy(() -> whileItReads("-KILL", () -> reader.read(data, ReadProgress.NONE)))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContainingAll("cohort.parquet", "killed (signal 9)", "memory");
            // and the next is read as if nothing had been
            assertThat(reader.read(data, ReadProgress.NONE).samples()).isEqualTo(1);
        }
        leavesNothing();
    }

    private void whileItReads(String signal, org.assertj.core.api.ThrowableAssert.ThrowingCallable reading)
            throws Throwable {
        var killed = CompletableFuture.runAsync(() -> {
            var jvm = Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(2))
                    .until(
                            () -> ProcessHandle.current()
                                    .descendants()
                                    .filter(process -> process.info()
                                                    .command()
                                                    .filter(command -> command.endsWith("/java"))
                                                    .isPresent()
                                            && process.isAlive())
                                    .findFirst(),
                            java.util.Optional::isPresent)
                    .orElseThrow();
            try {
                new ProcessBuilder("kill", signal, String.valueOf(jvm.pid()))
                        .start()
                        .waitFor();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        try {
            reading.call();
        } finally {
            killed.join();
        }
    }

    @Test
    void aProcessThatTakesTooMuchIsEnded() throws IOException, SQLException {
        var data = parquet();
        try (var reader = reader(1 << 20, PATIENCE)) {
            assertThatThrownBy(() -> reader.read(data, ReadProgress.NONE))
                    .hasMessageContainingAll("cohort.parquet", "MiB of memory", "worker_memory", "config.yaml");
        }
        try (var reader = reader(1L << 30, Duration.ZERO)) {
            assertThatThrownBy(() -> reader.read(data, ReadProgress.NONE))
                    .hasMessageContainingAll("cohort.parquet", "job_limit");
        }
        leavesNothing();
    }

    @Test
    void whatAKilledCommandLeftGoesAndWhatAnotherUsesStays() throws IOException, SQLException {
        var reading = folder.resolve("home/reading");
        var mine = OwnedFolders.create(reading);
        var left = OwnedFolders.create(reading);
        Files.writeString(left.root().resolve("owner"), ProcessHandle.current().pid() + " 2001-01-01T00:00:00Z");
        try (var reader = reader()) {
            reader.read(parquet(), ReadProgress.NONE);
        }
        assertThat(left.root()).doesNotExist();
        assertThat(mine.work()).isDirectory();
    }
}
