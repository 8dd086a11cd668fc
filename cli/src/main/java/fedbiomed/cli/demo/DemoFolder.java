package fedbiomed.cli.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/** The demo's folder: made anew, but never over something that is not a demo's, or a demo's that runs. */
final class DemoFolder implements AutoCloseable {
    private static final String MARK = ".fedbiomed-demo";

    private final Path path;
    private final FileChannel lock;

    private DemoFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static DemoFolder take(Path path) throws IOException {
        var mark = path.resolve(MARK);
        if (Files.exists(path) && !Files.exists(mark) && !isEmpty(path)) {
            throw new IllegalStateException(
                    path.toAbsolutePath() + " exists and was not made by the demo; choose another with --folder");
        }
        Files.createDirectories(path);
        var channel = FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IllegalStateException(
                    "a demo is running in " + path.toAbsolutePath() + "; end it, or choose another with --folder");
        }
        try (var all = Files.walk(path)) {
            for (var old : all.sorted(Comparator.reverseOrder()).toList()) {
                if (!old.equals(path) && !old.equals(mark)) {
                    Files.delete(old);
                }
            }
        }
        return new DemoFolder(path, channel);
    }

    private static boolean isEmpty(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return false;
        }
        try (var list = Files.list(path)) {
            return list.findAny().isEmpty();
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
