package fedbiomed.researcher.command;

import fedbiomed.protocol.command.LiveLine;
import fedbiomed.protocol.command.Terminal;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Function;

/**
 * The last lines of a terminal, drawn again a few times a second where they have changed; other lines go above them. As
 * {@link LiveLine} it leaves the terminal's settings and signals alone.
 */
final class LiveBlock implements AutoCloseable {
    private static final long REDRAW_MILLIS = 200;
    private static final String CLEAR_TO_END = "\u001b[J";

    private final PrintStream out;
    private final Terminal.Size size;
    private final Function<Terminal.Size, List<String>> text;
    private final Thread clock;
    /** What is printed as the JVM ends, after Ctrl-C say, does not begin within the block. */
    private final Thread atExit;

    private List<String> shown = List.of();
    private boolean closed;

    /** @param text the lines, for a terminal of that size; asked by another thread too */
    LiveBlock(PrintStream out, Terminal.Size size, Function<Terminal.Size, List<String>> text) {
        this.out = out;
        this.size = size;
        this.text = text;
        atExit = new Thread(() -> end(List.of()), "progress-end");
        Runtime.getRuntime().addShutdownHook(atExit);
        clock = Thread.ofVirtual().name("progress").start(this::tick);
    }

    private void tick() {
        try {
            while (true) {
                draw();
                Thread.sleep(REDRAW_MILLIS);
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Now, not only when it is due. */
    void draw() {
        // asked outside the lock: it has one of its own
        show(text.apply(size), "");
    }

    void printAbove(String line) {
        show(text.apply(size), line + System.lineSeparator());
    }

    private synchronized void show(List<String> lines, String above) {
        var fitting = lines.stream()
                .limit(size.rows() - 1L)
                .map(line -> LiveLine.cut(size.columns(), line))
                .toList();
        if (closed) {
            out.print(above);
            out.flush();
        } else if (!above.isEmpty() || !fitting.equals(shown)) {
            out.print(toTheTop() + above + String.join(System.lineSeparator(), fitting));
            out.flush();
            shown = fitting;
        }
    }

    /** One text a drawing, so that nothing flickers. */
    private String toTheTop() {
        int up = shown.size() - 1;
        return "\r" + (up > 0 ? "\u001b[" + up + "A" : "") + CLEAR_TO_END;
    }

    /** Takes the block away, and leaves {@code last} in its place. */
    void close(List<String> last) {
        clock.interrupt();
        end(last);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending, and it does the same
        }
    }

    @Override
    public void close() {
        close(List.of());
    }

    private synchronized void end(List<String> last) {
        if (!closed) {
            closed = true;
            out.print(toTheTop());
            last.forEach(line -> out.println(LiveLine.cut(size.columns(), line)));
            out.flush();
        }
    }
}
