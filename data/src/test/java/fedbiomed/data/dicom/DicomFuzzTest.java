package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.volume.Damage;
import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid images, damaged at random: each opens and can be read to its end, or is refused with our own exception. */
class DicomFuzzTest {
    private static final long SEED = 20261125;
    /** The patient's, wherever the damage put it. */
    private static final String NAME = "Meier";

    private static final List<String> SAMPLES = List.of(
            "made-uint8.dcm",
            "made-int8.dcm",
            "made-bits.dcm",
            "made-nested.dcm",
            "made-nested-implicit.dcm",
            "made-enhanced.dcm",
            "made-enhanced-implicit.dcm",
            "made-enhanced-undefined.dcm",
            "made-jpeg.dcm",
            "made-jpeg-fragments.dcm",
            "rtdose_rle.dcm",
            "CT5N/2062");
    private static final long[] EXTREMES = {
        0, 1, -1, 2, 7, 8, 16, 255, 0x7FFF, 0x8000, 0xFFFF, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xFFFFFFFEL
    };

    @TempDir
    Path folder;

    @Test
    void damagedImagesNeverCrashTheReader() throws IOException {
        fuzz(1_500);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedImagesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        var valid = new byte[SAMPLES.size()][];
        for (int i = 0; i < valid.length; i++) {
            valid[i] = Files.readAllBytes(ReferenceVolume.resource(getClass(), SAMPLES.get(i)));
        }
        var random = new SplittableRandom(SEED);
        var file = folder.resolve("damaged.dcm");
        int refused = 0;
        for (int i = 0; i < files; i++) {
            Damage.overwrite(file, damaged(valid[random.nextInt(valid.length)], random));
            try {
                var image = DicomFile.open(file);
                // JPEG may make 256 pixels of a byte: what it may declare is bounded by that
                assertThat(image.voxels()).isLessThan(4_000_000);
                assertThat(image.read().values().length).isEqualTo((int) image.voxels());
                assertThat(image.header().toString()).doesNotContain(NAME);
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600).doesNotContain(NAME);
                refused++;
            }
        }
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(files / 4, files - files / 10);
    }

    static byte[] damaged(byte[] valid, SplittableRandom random) {
        if (random.nextInt(3) > 0) {
            return Damage.any(valid, random);
        }
        var bytes = valid.clone();
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int at = 132 + random.nextInt(Math.min(bytes.length, 2_000) - 136);
        if (random.nextBoolean()) {
            at = element(bytes, at);
        }
        long value = random.nextBoolean() ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(-2, 64);
        if (random.nextBoolean()) {
            buffer.putShort(at, (short) value);
        } else {
            buffer.putInt(at, (int) value);
        }
        return bytes;
    }

    /** The value of an element of group 0028, the pixels' own, behind {@code from}; {@code from} if there is none. */
    private static int element(byte[] bytes, int from) {
        for (int at = from; at + 12 < bytes.length; at++) {
            if (bytes[at] == 0x28 && bytes[at + 1] == 0) {
                return at + 8;
            }
        }
        return from;
    }
}
