package fedbiomed.data.nifti;

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
class NiftiFuzzTest {
    private static final long SEED = 20261125;
    private static final List<String> SAMPLES = List.of(
            "made-int8-little.nii",
            "made-int16-big.nii",
            "made-float32-little.nii",
            "made-uint64-big.nii",
            "made-qform.nii.gz",
            "made-half-turn-2d.nii",
            "standard.nii.gz");
    /** Where a header's numbers are: dimensions, types, offsets, scaling, forms of NIfTI-1 and NIfTI-2. */
    private static final int[] PLACES = {
        0, 4, 12, 16, 24, 32, 40, 42, 44, 46, 48, 70, 76, 80, 104, 108, 112, 116, 123, 168, 176, 184, 252, 254, 256,
        280, 344, 348, 352, 400
    };

    private static final long[] EXTREMES = {
        0,
        1,
        -1,
        7,
        8,
        255,
        348,
        540,
        Short.MAX_VALUE,
        Short.MIN_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x7FC00000L,
        0x7F800000L,
        0x7FF8000000000000L,
        0x4F000000L,
        1L << 40
    };

    @TempDir
    Path folder;

    @Test
    void damagedImagesNeverCrashTheReader() throws IOException {
        fuzz(3_000);
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
        var file = folder.resolve("damaged.nii");
        int refused = 0;
        for (int i = 0; i < files; i++) {
            Damage.overwrite(file, damaged(valid[random.nextInt(valid.length)], random));
            try {
                var image = NiftiFile.open(file);
                // a stream may decompress to a thousand times its size: what it may declare is bounded by that
                assertThat(image.voxels()).isLessThan(2_000_000);
                assertThat(image.read().values().length).isEqualTo((int) image.voxels());
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600);
                refused++;
            }
        }
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(files / 4, files - files / 10);
    }

    private static byte[] damaged(byte[] valid, SplittableRandom random) {
        return random.nextInt(3) > 0 ? Damage.any(valid, random) : withNumber(valid.clone(), random);
    }

    /** One number of the header is another, extreme or small, in the width and byte order of one of the versions. */
    private static byte[] withNumber(byte[] bytes, SplittableRandom random) {
        var buffer =
                ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int at = PLACES[random.nextInt(PLACES.length)];
        if (at + 8 > bytes.length) { // compressed: any byte
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            return bytes;
        }
        long value = random.nextBoolean() ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(-2, 9);
        switch (random.nextInt(3)) {
            case 0 -> buffer.putShort(at, (short) value);
            case 1 -> buffer.putInt(at, (int) value);
            default -> buffer.putLong(at, value);
        }
        return bytes;
    }
}
