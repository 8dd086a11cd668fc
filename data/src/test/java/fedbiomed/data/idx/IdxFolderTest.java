package fedbiomed.data.idx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files written here by the format's description: big-endian, as MNIST's are. */
class IdxFolderTest {
    private static final long SEED = 20261125;

    @TempDir
    Path folder;

    private static byte[] idx(int type, byte[] elements, int... sizes) {
        var file = ByteBuffer.allocate(4 + 4 * sizes.length + elements.length);
        file.put((byte) 0).put((byte) 0).put((byte) type).put((byte) sizes.length);
        for (int size : sizes) {
            file.putInt(size);
        }
        return file.put(elements).array();
    }

    private static byte[] counting(int bytes) {
        var counting = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            counting[i] = (byte) (i * 37);
        }
        return counting;
    }

    private static byte[] zipped(byte[] bytes) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        }
        return zipped.toByteArray();
    }

    private void put(String name, byte[] file) throws IOException {
        Files.write(folder.resolve(name), file);
    }

    private SampleSource open(Map<String, String> settings) {
        return DatasetKinds.open(StoredDataset.of("idx", folder, settings));
    }

    @Test
    void imagesAndLabelsGoTogether() throws IOException {
        put("train-images-idx3-ubyte", idx(0x08, counting(3 * 4 * 5), 3, 4, 5));
        put("train-labels-idx1-ubyte.gz", zipped(idx(0x08, new byte[] {7, 0, (byte) 200}, 3)));
        var source = open(Map.of());
        source.requireSound();
        assertThat(source.samples()).isEqualTo(3);
        assertThat(source.columns())
                .containsExactly(
                        new ColumnDescription("image", ColumnType.INTEGER, 0, "U8", List.of(1L, 4L, 5L)),
                        new ColumnDescription("label", ColumnType.INTEGER, 0, "I64", List.of()));
        var second = Samples.read(source, "image", 1);
        for (int i = 0; i < 20; i++) {
            assertThat(second.doubleAt(i)).isEqualTo((20 + i) * 37 & 0xFF);
        }
        assertThat(Samples.read(source, "label", 2).doubleAt(0)).isEqualTo(200);
        var plain = source.fingerprint();
        put("train-images-idx3-ubyte", idx(0x08, new byte[3 * 4 * 5], 3, 4, 5));
        assertThat(open(Map.of()).fingerprint()).isNotEqualTo(plain);
    }

    @Test
    void widerElementsChangeTheirByteOrder() throws IOException {
        put("t10k-labels-idx1-ubyte", idx(0x08, new byte[] {1, 2}, 2));
        var floats = ByteBuffer.allocate(16)
                .putFloat(1.5f)
                .putFloat(-2)
                .putFloat(3)
                .putFloat(0.25f)
                .array();
        put("t10k-images-idx2-float", idx(0x0D, floats, 2, 2));
        assertThat(Samples.read(open(Map.of()), "image", 1).toDoubles()).containsExactly(3, 0.25);
        Files.delete(folder.resolve("t10k-images-idx2-float"));
        var shorts = ByteBuffer.allocate(8)
                .putShort((short) -2)
                .putShort((short) 300)
                .putShort((short) 5)
                .putShort((short) 6);
        put("t10k-images-idx2-short", idx(0x0B, shorts.array(), 2, 2));
        assertThat(Samples.read(open(Map.of()), "image", 0).toDoubles()).containsExactly(-2, 300);
        Files.delete(folder.resolve("t10k-images-idx2-short"));
        var nan = ByteBuffer.allocate(16).putDouble(1).putDouble(Double.NaN).array();
        put("t10k-images-idx1-double", idx(0x0E, nan, 2));
        assertThatThrownBy(() -> open(Map.of()).requireSound()).hasMessageContaining("sample 1 has an element");
    }

    @Test
    void ofSeveralPairsOneIsChosen() throws IOException {
        for (var part : List.of("train", "t10k")) {
            put(part + "-images-idx3-ubyte", idx(0x08, counting(8), 2, 2, 2));
            put(part + "-labels-idx1-ubyte", idx(0x08, new byte[2], 2));
        }
        refused("the parts t10k, train; say which", Map.of());
        assertThat(open(Map.of("part", "t10k")).samples()).isEqualTo(2);
        Files.delete(folder.resolve("train-labels-idx1-ubyte"));
        refused("one file of images and one of labels; there are train-images-idx3-ubyte", Map.of("part", "train"));
    }

    private void refused(String expected, Map<String, String> settings) {
        assertThatThrownBy(() -> open(settings))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }

    @Test
    void brokenFilesAreNamed() throws IOException {
        refused("no files named like", Map.of());
        put("a-labels-idx1-ubyte", idx(0x08, new byte[2], 2));
        var images = idx(0x08, counting(8), 2, 2, 2);
        for (var broken : List.of(Arrays.copyOf(images, 20), Arrays.copyOf(images, 30), Arrays.copyOf(images, 3))) {
            put("a-images-idx3-ubyte", broken);
            refused("a-images-idx3-ubyte: ", Map.of());
        }
        put("a-images-idx3-ubyte", idx(0x08, counting(8), Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
        refused("which no file holds", Map.of());
        // whose product is 0 in 64 bits
        put("a-images-idx3-ubyte", idx(0x08, counting(8), 1 << 30, 1 << 11, 1 << 23));
        refused("which no file holds", Map.of());
        put("a-images-idx3-ubyte", idx(0x08, counting(12), 3, 2, 2));
        refused("has 3 samples, a-labels-idx1-ubyte has 2", Map.of());
        Files.delete(folder.resolve("a-images-idx3-ubyte"));
        put("a-images-idx3-ubyte.gz", zipped(idx(0x08, counting(8), 2, 30_000, 30_000)));
        refused("compressed files of up to 1073741824 are read", Map.of());
        put("a-images-idx3-ubyte.gz", zipped(idx(0x08, counting(8), 2, 3_000, 3_000)));
        refused("and it holds 8", Map.of());
        put("a-images-idx3-ubyte.gz", Arrays.copyOf(zipped(images), 20));
        refused("a-images-idx3-ubyte.gz, compressed byte 20: the compressed file ends in the middle", Map.of());
    }

    @Test
    void twoThousandDamagedFilesAreReadOrRefused() throws IOException {
        fuzz(2_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedFilesAreReadOrRefused() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        var random = new SplittableRandom(SEED);
        put("a-labels-idx1-ubyte", idx(0x08, new byte[2], 2));
        var valid = idx(0x0B, counting(16), 2, 2, 2);
        int refused = 0;
        for (int i = 0; i < files; i++) {
            var bytes = random.nextInt(4) == 0 ? Arrays.copyOf(valid, random.nextInt(2 * valid.length)) : valid.clone();
            for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            boolean zipped = random.nextInt(4) == 0;
            put("a-images-idx3-ubyte", zipped ? new byte[0] : bytes);
            put("a-images-idx3-short.gz", zipped(bytes));
            Files.delete(folder.resolve(zipped ? "a-images-idx3-ubyte" : "a-images-idx3-short.gz"));
            try {
                var source = open(Map.of());
                source.requireSound();
                for (int s = 0; s < source.samples(); s++) {
                    Samples.read(source, "image", s).toDoubles();
                }
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600);
                refused++;
            }
            Files.deleteIfExists(folder.resolve("a-images-idx3-ubyte"));
            Files.deleteIfExists(folder.resolve("a-images-idx3-short.gz"));
        }
        assertThat(refused).isBetween(files / 4, files - files / 20);
    }
}
