package fedbiomed.protocol.command;

import java.io.PrintStream;
import java.time.Duration;
import java.util.function.IntFunction;

/**
 * How far something has come, on one line of a terminal that is drawn anew every second. It leaves the terminal's
 * settings and signals alone: Ctrl-C must reach what goes on.
 */
public final class LiveLine implements AutoCloseable {
    private static final long REDRAW_MILLIS = 1000;
    private static final int WIDEST_BAR = 50;
    private static final int NARROWEST_BAR = 5;

    private final StatusLine line;
    private final IntFunction<String> text;
    private final int columns = Terminal.columns();
    private final Thread clock;
    /** What is printed as the JVM ends, after Ctrl-C say, does not begin behind the line. */
    private final Thread atExit;

    /** @param text what it shows, for a terminal of so many columns; asked by another thread too */
    public LiveLine(PrintStream out, IntFunction<String> text) {
        this.line = new StatusLine(out);
        this.text = text;
        atExit = new Thread(line::close, "progress-end");
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

    /** Now, not only when its second is over. */
    public void draw() {
        line.show(text.apply(columns));
    }

    public void printAbove(String text) {
        line.printAbove(text);
    }

    /**
     * A bar with text around it, at least one column narrower than the terminal.
     *
     * @param all at least 1
     */
    public static String bar(int columns, String head, long done, long all, String tail) {
        int bar = Math.clamp(columns - 3L - head.length() - tail.length(), NARROWEST_BAR, WIDEST_BAR);
        int filled = (int) (bar * Math.min(done, all) / all);
        return cut(columns, head + "[" + "=".repeat(filled) + " ".repeat(bar - filled) + "]" + tail);
    }

    /** What of a text leaves one column of the terminal free: a line that wraps could not be drawn over. */
    public static String cut(int columns, String text) {
        return text.substring(0, Math.min(text.length(), columns - 1)).stripTrailing();
    }

    /** Hours, minutes and seconds. */
    public static String clock(Duration time) {
        return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    /** Takes the line away. */
    public void erase() {
        clock.interrupt();
        line.erase();
        forgetExit();
    }

    /** Leaves the line as it stands. */
    @Override
    public void close() {
        clock.interrupt();
        draw();
        line.close();
        forgetExit();
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending, and it does the same
        }
    }
}
