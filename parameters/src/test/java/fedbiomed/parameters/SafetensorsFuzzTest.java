package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Valid files, damaged at random: each opens and can be read to its end, or is refused with our own exception. */
class SafetensorsFuzzTest {
    private static final long SEED = 20261124;
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "7",
            "9223372036854775807",
            "-9223372036854775808",
            "99999999999999999999",
            "1e9",
            "4294967296",
            "[]",
            "{}",
            "null",
            "\"\"",
            "0.5");

    @TempDir
    Path folder;

    private byte[] valid = {};

    @BeforeEach
    void writeAValidFile() throws IOException {
        var file = folder.resolve("valid");
        Safetensors.write(
                file,
                Parameters.builder()
                        .metadata("plan", "4711")
                        .put("fc1.weight", Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 2, 3))
                        .put("fc1.bias", Tensor.ofDoubles(new double[] {1, 2}, 2))
                        .put("steps", Tensor.ofLongs(new long[] {9}))
                        .build());
        valid = Files.readAllBytes(file);
    }

    @Test
    void twentyThousandDamagedFilesNeverCrashTheReader() throws IOException {
        fuzz(20_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedFilesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        var random = new SplittableRandom(SEED);
        var file = folder.resolve("damaged");
        int refused = 0;
        for (int i = 0; i < files; i++) {
            // a file that is cut and written again is forced to the disk by some file systems: a millisecond each
            Files.deleteIfExists(file);
            Files.write(file, damaged(random));
            try (var read = Safetensors.open(file)) {
                read.parameters().tensors().values().forEach(Tensor::toDoubles);
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600);
                refused++;
            }
        }
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(files / 2, files - files / 100);
    }

    private byte[] damaged(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> withByte(random.nextInt(valid.length), (byte) random.nextInt());
            case 1 -> withByte(random.nextInt(8), (byte) random.nextInt());
            case 2 -> Arrays.copyOf(valid, random.nextInt(valid.length));
            case 3 -> Arrays.copyOf(valid, valid.length + 1 + random.nextInt(64));
            case 4 -> withNumber(random);
            default -> withStretchMoved(random);
        };
    }

    private byte[] withByte(int at, byte value) {
        var bytes = valid.clone();
        bytes[at] = value;
        return bytes;
    }

    /** One number of the header is another: the JSON stays whole, and the length right. */
    private byte[] withNumber(SplittableRandom random) {
        int headerBytes = (valid[0] & 0xFF) + ((valid[1] & 0xFF) << 8);
        var header = new String(valid, 8, headerBytes, StandardCharsets.UTF_8);
        var places = java.util.regex.Pattern.compile("(?<=[\\[,:])-?\\d+")
                .matcher(header)
                .results()
                .toList();
        var place = places.get(random.nextInt(places.size()));
        var changed = header.substring(0, place.start())
                + NUMBERS.get(random.nextInt(NUMBERS.size()))
                + header.substring(place.end());
        var encoded = changed.getBytes(StandardCharsets.UTF_8);
        var bytes = new byte[8 + encoded.length + valid.length - 8 - headerBytes];
        bytes[0] = (byte) encoded.length;
        bytes[1] = (byte) (encoded.length >> 8);
        System.arraycopy(encoded, 0, bytes, 8, encoded.length);
        System.arraycopy(valid, 8 + headerBytes, bytes, 8 + encoded.length, valid.length - 8 - headerBytes);
        return bytes;
    }

    private byte[] withStretchMoved(SplittableRandom random) {
        var bytes = valid.clone();
        int length = random.nextInt(1, 40);
        System.arraycopy(
                valid, random.nextInt(valid.length - length), bytes, random.nextInt(valid.length - length), length);
        return bytes;
    }
}
