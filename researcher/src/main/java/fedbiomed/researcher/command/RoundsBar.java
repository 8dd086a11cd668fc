package fedbiomed.researcher.command;

import fedbiomed.protocol.command.LiveLine;
import java.io.PrintStream;
import java.time.Duration;

/** How many rounds of a run are done, on the last line of a terminal. */
final class RoundsBar implements AutoCloseable {
    private final long startedNanos = System.nanoTime();
    private final int firstDone;
    private final int rounds;
    private final LiveLine line;

    private int done;
    private String message = "";

    /** @param done rounds that were finished before */
    RoundsBar(PrintStream out, int done, int rounds) {
        this.firstDone = done;
        this.done = done;
        this.rounds = rounds;
        this.line = new LiveLine(out, this::text);
    }

    void finished(int round) {
        synchronized (this) {
            done = round;
        }
        line.draw();
    }

    synchronized void message(String text) {
        message = text;
    }

    void printAbove(String text) {
        line.printAbove(text);
    }

    private synchronized String text(int columns) {
        var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        return text(columns, done, firstDone, rounds, elapsed, message);
    }

    /** The line, at least one column narrower than the terminal. */
    static String text(int columns, int done, int firstDone, int rounds, Duration elapsed, String message) {
        var left = done > firstDone
                ? ", " + LiveLine.clock(elapsed.multipliedBy(rounds - done).dividedBy(done - firstDone)) + " left"
                : "";
        return LiveLine.bar(
                columns,
                "Rounds %3d%% ".formatted(100L * done / rounds),
                done,
                rounds,
                " " + done + "/" + rounds + " (" + LiveLine.clock(elapsed) + left + ")  " + message);
    }

    @Override
    public void close() {
        line.close();
    }
}
