package fedbiomed.researcher.command;

import fedbiomed.protocol.command.LiveLine;
import java.time.Duration;

/** How many rounds of a run are done, as a line of a terminal. */
final class RoundsBar {
    private final long startedNanos = System.nanoTime();
    private final int firstDone;
    private final int rounds;
    private int done;

    /** @param done rounds that were finished before */
    RoundsBar(int done, int rounds) {
        this.firstDone = done;
        this.done = done;
        this.rounds = rounds;
    }

    void finished(int round) {
        done = round;
    }

    String text(int columns) {
        var elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        return text(columns, done, firstDone, rounds, elapsed);
    }

    /** The line, at least one column narrower than the terminal. */
    static String text(int columns, int done, int firstDone, int rounds, Duration elapsed) {
        var left = done > firstDone
                ? ", " + LiveLine.clock(elapsed.multipliedBy(rounds - done).dividedBy(done - firstDone)) + " left"
                : "";
        return LiveLine.bar(
                columns,
                "Rounds %3d%% ".formatted(100L * done / rounds),
                done,
                rounds,
                " " + done + "/" + rounds + " (" + LiveLine.clock(elapsed) + left + ")");
    }
}
