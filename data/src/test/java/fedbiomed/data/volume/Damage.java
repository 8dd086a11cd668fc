package fedbiomed.data.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What happens to files on their way, for the fuzz tests of their readers. */
public final class Damage {
    private Damage() {}

    /** A copy with a byte changed, an end missing or added, or a stretch moved. */
    public static byte[] any(byte[] valid, SplittableRandom random) {
        var bytes = valid.clone();
        return switch (random.nextInt(4)) {
            case 0 -> {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 2 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            default -> {
                int length = random.nextInt(1, Math.min(40, bytes.length));
                int from = random.nextInt(bytes.length - length);
                System.arraycopy(valid, from, bytes, random.nextInt(bytes.length - length), length);
                yield bytes;
            }
        };
    }

    /** Not emptied first: some file systems then wait for the disk at every closing, a millisecond each. */
    public static void overwrite(Path file, byte[] bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes));
            channel.truncate(bytes.length);
        }
    }
}
