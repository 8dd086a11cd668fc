package fedbiomed.data.file;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Valid files, damaged at random: each is read to its end, or refused with our own exception. */
public final class Fuzz {
    private static final long SEED = 20261125;
    /** Stands in for a patient's name or value in the valid files; no error may repeat it. */
    public static final String SECRET = "Meier";

    private static final int STRETCH_MOVED = 5;
    private static final String MARKS = "\t\n\r,;\"/|.:> #0-";
    private static final List<String> NUMBERS = List.of(
            "0",
            "-1",
            "1",
            "2",
            "7",
            "256",
            "65535",
            "2147483647",
            "2147483648",
            "-32768",
            "99999999999999999999",
            "1e300",
            "1e-300",
            "NaN",
            "0x10",
            "1.",
            ".",
            "");

    private Fuzz() {}

    /** Reads a file to its end. */
    public interface Reader {
        void read(Path file) throws IOException;
    }

    /**
     * @param file where each damaged file is written
     * @return how many were refused
     * @throws AssertionError if an error is not ours, or repeats the secret
     */
    public static int run(Path file, List<byte[]> valid, int inputs, Reader reader) throws IOException {
        var random = new SplittableRandom(SEED);
        int refused = 0;
        for (int i = 1; i <= inputs; i++) {
            int damage = random.nextInt(6);
            Files.write(file, damaged(valid.get(random.nextInt(valid.size())), damage, random));
            try {
                reader.read(file);
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600);
                // a stretch that was moved may make a column's or a signal's name of it, and those are shown
                assertThat(damage == STRETCH_MOVED || !e.text().contains(SECRET))
                        .as(e.text())
                        .isTrue();
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("input " + i + " of seed " + SEED, e);
            }
            if (i % 100_000 == 0) {
                System.out.println(file.getFileName() + ": " + i + " inputs, " + refused + " refused");
            }
        }
        return refused;
    }

    private static byte[] damaged(byte[] valid, int damage, SplittableRandom random) {
        var bytes = valid.clone();
        switch (damage) {
            case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 1 -> {
                for (int i = random.nextInt(8); i >= 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> {
                return Arrays.copyOf(bytes, random.nextInt(bytes.length + bytes.length / 4));
            }
            case 3 -> {
                return withNumber(bytes, random);
            }
            case 4 -> bytes[random.nextInt(bytes.length)] = (byte) MARKS.charAt(random.nextInt(MARKS.length()));
            case STRETCH_MOVED -> {
                int length = random.nextInt(1, Math.min(80, bytes.length));
                System.arraycopy(
                        valid,
                        random.nextInt(valid.length - length),
                        bytes,
                        random.nextInt(valid.length - length),
                        length);
            }
            default -> throw new IllegalArgumentException();
        }
        return bytes;
    }

    /** A number in the text is another: in its place with blanks, as fields of fixed width want it, or spliced in. */
    private static byte[] withNumber(byte[] bytes, SplittableRandom random) {
        int from = random.nextInt(bytes.length);
        while (from < bytes.length && !isDigit(bytes[from])) {
            from++;
        }
        int to = from;
        while (to < bytes.length && isDigit(bytes[to])) {
            to++;
        }
        var number = NUMBERS.get(random.nextInt(NUMBERS.size())).getBytes(StandardCharsets.US_ASCII);
        if (random.nextBoolean()) {
            for (int i = 0; i < Math.max(to - from, number.length) && from + i < bytes.length; i++) {
                bytes[from + i] = i < number.length ? number[i] : (byte) ' ';
            }
            return bytes;
        }
        var spliced = new ByteArrayOutputStream();
        spliced.write(bytes, 0, from);
        spliced.writeBytes(number);
        spliced.write(bytes, to, bytes.length - to);
        return spliced.toByteArray();
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
