package fedbiomed.data.signal.edf;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid files, damaged at random: each is read to its end, or refused with our own exception and no patient's name. */
class EdfFuzzTest {
    private static final long SEED = 20261125;
    private static final List<String> NUMBERS = List.of(
            "0", "-1", "1", "2", "7", "256", "2147483647", "2147483648", "-32768", "1e300", "1e-300", "NaN", "0x10", "");
    /** Where a file of two signals has its numbers, and how wide they are. */
    private static final int[] FIELDS = {184, 236, 244, 252, 464, 472, 480, 488, 496, 504, 512, 520, 688, 696};

    private static final List<byte[]> VALID = List.of(
            EdfBytes.plus(
                    "EDF+D", List.of("+0\u0014\u0014\0+0.5\u00151\u0014Meier\u0014\0", "+1\u0014\u0014\0", "+5\u0014\u0014\0")),
            EdfBytes.plus("EDF+C", List.of("+0\u0014\u0014\0+1\u0014Meier\u0014\0", "+1\u0014\u0014\0")),
            EdfBytes.plain(3, 2),
            EdfBytes.plain(3, 3));

    @TempDir
    Path folder;

    @Test
    void damagedFilesNeverCrashTheReader() throws IOException {
        fuzz(5_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedFilesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        var random = new SplittableRandom(SEED);
        var file = folder.resolve("damaged.edf");
        int refused = 0;
        for (int i = 0; i < files; i++) {
            Files.write(file, damaged(VALID.get(random.nextInt(VALID.size())), random));
            try (var edf = EdfFile.open(file)) {
                for (int channel = 0; channel < edf.channels().size(); channel++) {
                    int samples = (int) edf.frames() * edf.channels().get(channel).samplesPerFrame();
                    var values = new float[samples];
                    edf.read(channel, 0, values, 0, samples);
                }
                edf.annotations();
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600).doesNotContain("Meier");
                refused++;
            }
        }
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(files / 4, files - files / 20);
    }

    private static byte[] damaged(byte[] valid, SplittableRandom random) {
        var bytes = valid.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            // the samples and lists, which are the smaller part
            case 1 -> bytes[random.nextInt(512, bytes.length)] = (byte) random.nextInt();
            case 2 -> {
                return Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
            }
            case 3 -> {
                int at = FIELDS[random.nextInt(FIELDS.length)];
                bytes = EdfBytes.with(
                        bytes, Math.min(at, bytes.length - 10), at == 252 ? 4 : 8, cut(random, at == 252 ? 4 : 8));
            }
            default -> {
                int length = random.nextInt(1, 80);
                System.arraycopy(
                        valid,
                        random.nextInt(valid.length - length),
                        bytes,
                        random.nextInt(valid.length - length),
                        length);
            }
        }
        return bytes;
    }

    private static String cut(SplittableRandom random, int width) {
        var number = NUMBERS.get(random.nextInt(NUMBERS.size()));
        return number.length() > width ? "9".repeat(width) : number;
    }
}
