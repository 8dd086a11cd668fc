package fedbiomed.protocol.command;

import java.io.PrintStream;

/** The last line of a terminal, drawn again and again; other lines go above it. */
final class StatusLine implements AutoCloseable {
    private static final String BACK_AND_CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private String shown = "";
    private boolean closed;

    StatusLine(PrintStream out) {
        this.out = out;
    }

    /** @param line narrower than the terminal: one that wraps could not be drawn over */
    synchronized void show(String line) {
        if (!closed && !line.equals(shown)) {
            shown = line;
            draw();
        }
    }

    synchronized void printAbove(String line) {
        out.print(BACK_AND_CLEAR + line + System.lineSeparator());
        if (!closed) {
            draw();
        }
    }

    private void draw() {
        out.print(BACK_AND_CLEAR + shown);
        out.flush();
    }

    /** Takes away what it showed last. */
    synchronized void erase() {
        if (!closed) {
            closed = true;
            out.print(BACK_AND_CLEAR);
            out.flush();
        }
    }

    /** Leaves what it showed last. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            out.println();
            out.flush();
        }
    }
}
