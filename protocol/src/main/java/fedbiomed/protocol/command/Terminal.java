package fedbiomed.protocol.command;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person watches: then progress moves on one line, else it is plain lines. */
public final class Terminal {
    private static final int USUAL_ROWS = 24;
    private static final int FEWEST_ROWS = 4;
    private static final int USUAL_COLUMNS = 80;
    private static final int FEWEST_COLUMNS = 40;
    private static final int MOST_COLUMNS = 200;

    private Terminal() {}

    /** Standard input and output are a terminal that can move its cursor. */
    public static boolean isWatched() {
        var console = System.console();
        var kind = System.getenv("TERM");
        return console != null && console.isTerminal() && kind != null && !kind.equals("dumb");
    }

    /** Standard error is a terminal too; false where the operating system does not tell. */
    public static boolean showsErrors() {
        try {
            return isWatched()
                    && Files.readSymbolicLink(Path.of("/proc/self/fd/2")).startsWith("/dev/pts");
        } catch (IOException e) {
            return false;
        }
    }

    /** Never smaller than what our lines need, whatever it says. */
    public record Size(int rows, int columns) {
        public Size {
            rows = rows < FEWEST_ROWS ? USUAL_ROWS : rows;
            columns = columns < FEWEST_COLUMNS ? USUAL_COLUMNS : Math.min(columns, MOST_COLUMNS);
        }
    }

    /** How wide it is, as far as {@code stty} tells. */
    public static int columns() {
        return size().columns();
    }

    /** As far as {@code stty} tells. */
    public static Size size() {
        try {
            var stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var rowsAndColumns = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ");
            return rowsAndColumns.length == 2
                    ? new Size(Integer.parseInt(rowsAndColumns[0]), Integer.parseInt(rowsAndColumns[1]))
                    : new Size(0, 0);
        } catch (IOException | NumberFormatException e) {
            return new Size(0, 0);
        }
    }
}
