package fedbiomed.data.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A regular file read by position; its size is that of the moment it was opened. Not memory-mapped: a file that is cut
 * while it is read is then an error, and not the end of the JVM. Reads from several threads do not disturb each other.
 */
public final class ByteFile implements AutoCloseable {
    private final FileProblem problem;
    private final FileChannel channel;
    private final long sizeBytes;

    private ByteFile(FileProblem problem, FileChannel channel, long sizeBytes) {
        this.problem = problem;
        this.channel = channel;
        this.sizeBytes = sizeBytes;
    }

    /**
     * @throws fedbiomed.vocabulary.FedbiomedException DATASET_CHANGED if there is no such file; DATA_UNFIT if it is no
     *     regular file or may not be read
     */
    @SuppressWarnings("resource") // the channel is closed with the file
    public static ByteFile open(Path file) {
        requireRegular(file);
        var problem = new FileProblem(file);
        try {
            var channel = FileChannel.open(file, StandardOpenOption.READ);
            return new ByteFile(problem, channel, channel.size());
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    /** A pipe or a device would be waited for, or read, for ever. */
    static void requireRegular(Path file) {
        if (Files.isDirectory(file)) {
            throw new FileProblem(file).of("it is a folder; name the file in it");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileProblem(file).of("it is not a regular file (a device or a pipe?); name a file");
        }
    }

    public FileProblem problem() {
        return problem;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /**
     * Reads exactly {@code length} bytes from {@code position} on.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if the file ends before, or cannot be read
     */
    public void read(long position, byte[] into, int offset, int length) {
        var buffer = ByteBuffer.wrap(into, offset, length);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position() - offset) < 0) {
                    throw problem.at(
                            "byte " + (position + buffer.position() - offset),
                            "it ends here, in the middle of what is to be read; is it still being written, or was its"
                                    + " copy cut short? Copy it again");
                }
            }
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw problem.unreadable(e);
        }
    }
}
