package fedbiomed.data.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file's bytes one after the other, unpacked where its first two bytes are those of gzip. */
public final class Unpacked {
    private Unpacked() {}

    /**
     * Unbuffered. What it reads is bounded by nobody: a small file may unpack to a thousand times its size.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException as {@link ByteFile#open}; while reading, DATA_UNFIT if compressed
     *     data are damaged or cut short
     */
    @SuppressWarnings("resource") // closed by who reads it
    public static InputStream open(Path file) {
        ByteFile.requireRegular(file);
        var problem = new FileProblem(file);
        try {
            var in = new PushbackInputStream(Files.newInputStream(file), 2);
            var magic = in.readNBytes(2);
            in.unread(magic);
            return isGzip(magic) ? new GzipMembers(problem, in) : in;
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    /** Whether a file begins as gzip does. */
    public static boolean isGzip(Path file) {
        ByteFile.requireRegular(file);
        try (var in = Files.newInputStream(file)) {
            return isGzip(in.readNBytes(2));
        } catch (IOException e) {
            throw new FileProblem(file).unreadable(e);
        }
    }

    private static boolean isGzip(byte[] magic) {
        return magic.length == 2 && magic[0] == 0x1F && (magic[1] & 0xFF) == 0x8B;
    }
}
