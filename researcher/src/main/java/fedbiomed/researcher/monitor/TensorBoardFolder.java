package fedbiomed.researcher.monitor;

import fedbiomed.protocol.home.AtomicFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A folder that {@code tensorboard --logdir} shows: a run a subfolder. This program writes a file of its own into each run
 * and never touches those of earlier ones: half a record that a killed program has left is the end of its file, which
 * readers skip. A file begins with a session, so that what is done again after a crash is not shown twice.
 */
public final class TensorBoardFolder implements AutoCloseable {
    /** Files that are open at a time: a simulation has more runs than a process may have files. */
    private static final int OPEN_FILES = 64;

    private static final double MILLIS_PER_SECOND = 1000;
    private static final String NAME_START = "events.out.tfevents.";
    /** Readers take a run's files in the order of their names. */
    private static final int SECONDS_DIGITS = 10;

    private final Path root;
    private final Clock clock;
    private final Map<String, Path> files = new HashMap<>();
    private final LinkedHashMap<Path, FileChannel> open = new LinkedHashMap<>(OPEN_FILES, 0.75f, true);

    public TensorBoardFolder(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    /**
     * Writes a number; it is in the file when this returns.
     *
     * @param run where it belongs; with slashes, as TensorBoard shows it
     * @param firstStep the first step of {@code run} that this program will write: what earlier ones wrote from there on
     *     counts no more
     * @throws UncheckedIOException if it cannot be written
     */
    public synchronized void scalar(String run, long firstStep, String tag, long step, double value) {
        try {
            var file = files.get(run);
            if (file == null) {
                file = begin(root.resolve(run));
                files.put(run, file);
                write(file, EventBytes.fileVersion(now()));
                write(file, EventBytes.sessionStart(now(), firstStep));
            }
            write(file, EventBytes.scalar(now(), step, tag, value));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write into " + root, e);
        }
    }

    /** A name after those of earlier programs, also of one in the same second, and where the clock was put back. */
    private Path begin(Path folder) throws IOException {
        if (!folder.normalize().startsWith(root)) {
            throw new IllegalArgumentException("a run is in the folder: " + folder);
        }
        AtomicFiles.createOwnerOnlyFolder(root);
        AtomicFiles.createOwnerOnlyFolder(folder);
        long seconds = clock.instant().getEpochSecond();
        int count = 0;
        try (var earlier = Files.newDirectoryStream(folder, NAME_START + "*")) {
            for (var file : earlier) {
                seconds = Math.max(seconds, seconds(file.getFileName().toString()));
                count++;
            }
        }
        var file = folder.resolve("%s%010d.fedbiomed.%06d".formatted(NAME_START, seconds, count));
        Files.createFile(file);
        return file;
    }

    private static long seconds(String name) {
        var digits = name.substring(NAME_START.length(), Math.min(name.length(), NAME_START.length() + SECONDS_DIGITS));
        return digits.matches("[0-9]{%d}".formatted(SECONDS_DIGITS)) ? Long.parseLong(digits) : 0;
    }

    private double now() {
        return clock.millis() / MILLIS_PER_SECOND;
    }

    private void write(Path file, byte[] event) throws IOException {
        var channel = open.get(file);
        if (channel == null) {
            channel = FileChannel.open(file, StandardOpenOption.APPEND);
            open.put(file, channel);
            closeEldest();
        }
        var record = Records.framed(event);
        while (record.hasRemaining()) {
            channel.write(record);
        }
    }

    private void closeEldest() throws IOException {
        if (open.size() > OPEN_FILES) {
            var eldest = open.pollFirstEntry();
            eldest.getValue().close();
        }
    }

    @Override
    public synchronized void close() {
        try {
            for (var channel : open.values()) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the files in " + root, e);
        } finally {
            open.clear();
        }
    }
}
