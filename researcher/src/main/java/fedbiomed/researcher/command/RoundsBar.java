package fedbiomed.researcher.command;

import fedbiomed.protocol.command.Terminal;
import java.io.PrintStream;
import java.time.Duration;

/**
 * How far a run has come, on one line of a terminal that is drawn anew every second. It leaves the terminal's settings
 * and signals alone: Ctrl-C must reach the run, which tells the nodes.
 */
final class RoundsBar implements AutoCloseable {
    private static final long REDRAW_MILLIS = 1000;
    private static final int WIDEST_BAR = 50;
    private static final int NARROWEST_BAR = 5;

    private final StatusLine line;
    private final int columns;
    private final long startedNanos = System.nanoTime();
    private final int firstDone;
    private final int rounds;
    private final Thread clock;
    /** What is printed as the JVM ends, after Ctrl-C say, does not begin behind the bar. */
    private final Thread atExit;

    private int done;
    private String message = "";

    /** @param done rounds that were finished before */
    RoundsBar(PrintStream out, int done, int rounds) {
        this.line = new StatusLine(out);
        this.columns = Terminal.columns();
        this.firstDone = done;
        this.done = done;
        this.rounds = rounds;
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

    synchronized void finished(int round) {
        done = round;
        draw();
    }

    synchronized void message(String text) {
        message = text;
    }

    void printAbove(String text) {
        line.printAbove(text);
    }

    private synchronized void draw() {
        var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        line.show(text(columns, done, firstDone, rounds, elapsed, message));
    }

    /** The line, at least one column narrower than the terminal. */
    static String text(int columns, int done, int firstDone, int rounds, Duration elapsed, String message) {
        var head = "Rounds %3d%% ".formatted(100L * done / rounds);
        var left = done > firstDone
                ? ", " + clock(elapsed.multipliedBy(rounds - done).dividedBy(done - firstDone)) + " left"
                : "";
        var tail = " " + done + "/" + rounds + " (" + clock(elapsed) + left + ")  " + message;
        int bar = Math.clamp(columns - 3L - head.length() - tail.length(), NARROWEST_BAR, WIDEST_BAR);
        int filled = (int) ((long) bar * done / rounds);
        var text = head + "[" + "=".repeat(filled) + " ".repeat(bar - filled) + "]" + tail;
        return text.substring(0, Math.min(text.length(), columns - 1)).stripTrailing();
    }

    private static String clock(Duration time) {
        return "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart());
    }

    @Override
    public void close() {
        clock.interrupt();
        draw();
        line.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending, and it does the same
        }
    }
}
