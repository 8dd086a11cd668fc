package fedbiomed.researcher.command;

import fedbiomed.protocol.command.Terminal;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run as it goes on: a line a round, and below them, where a person looks at it, a table of the participants and
 * a bar of the rounds.
 */
public final class RunProgress implements ExperimentListener, AutoCloseable {
    private static final int MAX_STATE_CHARS = 200;
    private static final int MAX_SHOWN_PARTICIPANTS = 20;

    private final PrintWriter out;
    private final @Nullable PrintStream terminal;
    private final Supplier<Terminal.Size> size;
    private final LiveTable table = new LiveTable(System::nanoTime);
    private @Nullable RoundsBar bar;
    private @Nullable LiveBlock block;
    private int rounds;
    private SortedSet<Participant> lastAsked = new TreeSet<>();

    /** @param terminal what is watched; {@code null} where nobody does */
    RunProgress(PrintWriter out, @Nullable PrintStream terminal, Supplier<Terminal.Size> size) {
        this.out = out;
        this.terminal = terminal;
        this.size = size;
    }

    /** A table if standard output is a terminal, else lines on {@code out}. */
    public static RunProgress on(PrintWriter out) {
        return new RunProgress(out, Terminal.isWatched() ? System.out : null, Terminal::size);
    }

    @Override
    public synchronized void notice(String text) {
        println("Note: " + text);
    }

    @Override
    public synchronized void roundStarted(int round, int allRounds, SortedSet<Participant> asked) {
        rounds = Math.max(round, allRounds);
        if (terminal != null && block == null) {
            out.flush();
            bar = new RoundsBar(round - 1, rounds);
            block = new LiveBlock(terminal, size.get(), this::lines);
        }
        table.begin(asked);
        if (!asked.equals(lastAsked)) {
            lastAsked = new TreeSet<>(asked);
            println("Round " + round + " asks " + shown(asked));
        }
    }

    private synchronized List<String> lines(Terminal.Size of) {
        if (bar == null) {
            return List.of();
        }
        // the terminal's last line stays free, and the bar has one
        var lines = new ArrayList<>(table.lines(of.columns(), of.rows() - 2));
        lines.add(bar.text(of.columns()));
        return lines;
    }

    private static String shown(SortedSet<Participant> participants) {
        if (participants.isEmpty()) {
            return "nobody";
        }
        var names = participants.stream()
                .limit(MAX_SHOWN_PARTICIPANTS)
                .map(Participant::toString)
                .collect(Collectors.joining(", "));
        int more = participants.size() - MAX_SHOWN_PARTICIPANTS;
        return more > 0 ? names + " and " + more + " more" : names;
    }

    @Override
    public synchronized void participantChanged(int round, Participant participant, String state) {
        if (round > 0) {
            table.changed(participant, state);
        }
        if (state.startsWith("answered")) {
            return;
        }
        var cut = state.length() > MAX_STATE_CHARS ? state.substring(0, MAX_STATE_CHARS) + "…" : state;
        var verb = state.endsWith("line") || state.startsWith("left out") ? " is " : " ";
        println((round > 0 ? "Round " + round : "Before round 1") + ": " + participant + verb + cut);
    }

    @Override
    public synchronized void scalar(Scalar scalar) {
        table.scalar(scalar);
    }

    @Override
    public synchronized void roundFinished(RoundSummary summary) {
        if (bar != null) {
            bar.finished(summary.round());
        }
        var loss = summary.loss();
        var line = new StringBuilder("Round " + summary.round() + " of " + rounds + ": " + summary.tally());
        if (loss != null) {
            line.append(String.format(Locale.ROOT, ", training loss %.4f", loss));
        }
        MetricNames.atAGlance(summary.pooledGlobal())
                .forEach((name, value) ->
                        line.append(String.format(Locale.ROOT, ", %s %.4f", MetricNames.shown(name), value)));
        if (!summary.withheld().isEmpty()) {
            line.append(", metrics of ").append(summary.withheld().size()).append(" not given by the node's policy");
        }
        println(line.toString());
        if (summary.round() >= rounds) {
            // what comes now are others' lines
            endTable();
        }
    }

    private void println(String line) {
        if (block != null) {
            block.printAbove(line);
        } else {
            out.println(line);
            out.flush();
        }
    }

    private void endTable() {
        if (block != null && bar != null) {
            block.close(List.of(bar.text(size.get().columns())));
            block = null;
            bar = null;
        }
    }

    @Override
    public synchronized void close() {
        endTable();
    }
}
