package fedbiomed.researcher.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardFolderTest {
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1500), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private void write(Clock clock, long firstStep, double... values) {
        try (var runs = new TensorBoardFolder(folder, clock)) {
            for (int i = 0; i < values.length; i++) {
                runs.scalar("hospital-a/heart", firstStep, "training/loss", firstStep + i, values[i]);
            }
        }
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(folder.resolve("hospital-a/heart"))) {
            return files.sorted().toList();
        }
    }

    /** Written by the package tensorboard 2.20: its RecordWriter and its protocol buffers. */
    @Test
    void theBytesAreThoseThatTensorBoardWrites() throws IOException {
        try (var runs = new TensorBoardFolder(folder, CLOCK)) {
            runs.scalar("hospital-a/heart", 301, "training/loss", 300, 0.25);
        }
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(files().getFirst())))
                .isEqualTo("1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
                        + "100000000000000095fbfe1809000000000000f83f10ad023a020801d17949d4"
                        + "2400000000000000422b804d09000000000000f83f10ac022a160a140a0d747261696e696e672f6c6f7373"
                        + "150000803e635d64f9");
    }

    @Test
    void eachProgramWritesAFileOfItsOwnAfterTheEarlierOnes() throws IOException {
        write(CLOCK, 1, 0.5);
        write(CLOCK, 2, 0.4);
        write(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), 3, 0.3);
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactly(
                        "events.out.tfevents.0000000001.fedbiomed.000000",
                        "events.out.tfevents.0000000001.fedbiomed.000001",
                        "events.out.tfevents.0000000001.fedbiomed.000002");
    }

    @Test
    void moreRunsThanFilesMayBeOpen() throws IOException {
        try (var runs = new TensorBoardFolder(folder, CLOCK)) {
            for (int step = 1; step <= 2; step++) {
                for (int run = 0; run < 200; run++) {
                    runs.scalar("node-" + run, 1, "training/loss", step, 0.5);
                }
            }
        }
        for (int run = 0; run < 200; run++) {
            try (var files = Files.list(folder.resolve("node-" + run))) {
                assertThat(files)
                        .singleElement()
                        .satisfies(file -> assertThat(file).hasSize(40 + 31 + 2 * 51L));
            }
        }
    }

    @Test
    void aRunStaysInTheFolder() {
        try (var runs = new TensorBoardFolder(folder, CLOCK)) {
            assertThatThrownBy(() -> runs.scalar("../elsewhere", 1, "loss", 1, 0))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tensorBoardShowsEachStepOnceAfterACrash() throws Exception {
        TensorBoard.assumeInstalled();
        write(CLOCK, 1, 0.9, 0.8, 0.7, 0.6);
        // killed in the middle of a record, and of the second of two steps a round
        var torn = files().getFirst();
        Files.write(torn, new byte[] {36, 0, 0, 0, 0, 0, 0, 0, 1, 2}, StandardOpenOption.APPEND);
        write(CLOCK, 3, 0.75, 0.65, 0.55);
        assertThat(TensorBoard.read(folder))
                .containsOnlyKeys("hospital-a/heart")
                .extractingByKey("hospital-a/heart")
                .satisfies(tags -> assertThat(tags.get("training/loss"))
                        .usingRecursiveComparison()
                        .withEqualsForType((a, b) -> Math.abs(a - b) < 1e-6, Double.class)
                        .isEqualTo(List.of(
                                List.of(1.0, 0.9),
                                List.of(2.0, 0.8),
                                List.of(3.0, 0.75),
                                List.of(4.0, 0.65),
                                List.of(5.0, 0.55))));
    }
}
