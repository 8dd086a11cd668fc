package fedbiomed.node.command;

import fedbiomed.data.source.ReadProgress;
import fedbiomed.protocol.command.LiveLine;
import fedbiomed.protocol.command.Terminal;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far the reading of a dataset has come, on a line of the terminal's own; nothing where nobody watches. */
final class ReadingLine implements ReadProgress, AutoCloseable {
    private final String what;
    private final long startedNanos = System.nanoTime();
    private final @Nullable LiveLine line;
    private volatile long done;
    private volatile long samples;

    ReadingLine(Path dataset) {
        what = "Reading " + Text.shown(String.valueOf(dataset.getFileName())) + size(dataset) + " ";
        line = Terminal.showsErrors() ? new LiveLine(System.err, this::text) : null;
    }

    private static String size(Path dataset) {
        long mebibytes = dataset.toFile().isFile() ? dataset.toFile().length() >> 20 : 0;
        return mebibytes == 0 ? "" : " (" + mebibytes + " MiB)";
    }

    @Override
    public void read(long doneNow, long all) {
        done = Math.max(done, doneNow);
        samples = all;
    }

    private String text(int columns) {
        return text(columns, what, done, samples, Duration.ofNanos(System.nanoTime() - startedNanos));
    }

    static String text(int columns, String what, long done, long samples, Duration elapsed) {
        var tail = " (" + LiveLine.clock(elapsed) + ")";
        return samples == 0
                ? LiveLine.cut(columns, what + "..." + tail)
                : LiveLine.bar(columns, what, done, samples, " " + done + "/" + samples + tail);
    }

    @Override
    public void close() {
        if (line != null) {
            line.erase();
        }
    }
}
