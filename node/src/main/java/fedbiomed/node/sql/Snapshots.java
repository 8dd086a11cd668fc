package fedbiomed.node.sql;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The results of queries, in the node's home in a folder that holds nothing else. A file there that no dataset names is
 * left for an hour (a request that was let in a moment ago may be about to open it), then removed; so is what a node
 * that was killed has left.
 */
public final class Snapshots {
    private static final String FOLDER = "snapshots";
    private static final String LOCK = "snapshots.lock";
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Path home;
    private final Path folder;
    private final Clock clock;

    public Snapshots(Path home, Clock clock) {
        this.home = home;
        this.folder = home.resolve(FOLDER);
        this.clock = clock;
    }

    /** Whether a file, links resolved, is directly in that folder. */
    public boolean holds(Path file) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && file.toRealPath().startsWith(folder.toRealPath())
                && file.toRealPath().getNameCount() == folder.toRealPath().getNameCount() + 1;
    }

    /** A path that nothing has yet. */
    public Path fresh() throws IOException {
        AtomicFiles.createOwnerOnlyFolder(folder);
        var name = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return folder.toRealPath().resolve(name + ".parquet");
    }

    /** One at a time, over all processes: who makes a snapshot and who removes some. */
    public <T> T alone(FileLocks.Work<T> work) throws IOException {
        return FileLocks.holding(home.resolve(LOCK), work);
    }

    /** As {@link #alone}; nothing where another is at it. @return whether it was done */
    public boolean aloneIfFree(FileLocks.Work<?> work) throws IOException {
        return FileLocks.ifFree(home.resolve(LOCK), work);
    }

    /** It is no dataset's any more: the hour begins. */
    public void release(Path snapshot) throws IOException {
        if (holds(snapshot)) {
            Files.setLastModifiedTime(snapshot, FileTime.from(clock.instant()));
        }
    }

    /** Within {@link #alone}. @param named those that datasets have */
    public void sweep(Set<Path> named) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        var since = clock.instant().minus(PATIENCE);
        try (var files = Files.newDirectoryStream(folder.toRealPath())) {
            for (var file : files) {
                if (!named.contains(file) && modified(file).isBefore(since)) {
                    remove(file);
                }
            }
        }
    }

    private static Instant modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    /** A file, or a folder of files. */
    static void remove(Path path) throws IOException {
        try {
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                try (var files = Files.newDirectoryStream(path)) {
                    for (var file : files) {
                        remove(file);
                    }
                }
            }
            Files.deleteIfExists(path);
        } catch (NoSuchFileException _) {
            // gone already
        }
    }
}
