package fedbiomed.researcher.command;

import fedbiomed.protocol.command.Terminal;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.report.MetricNames;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Shows a run as it goes on: a bar where a person looks at it, a line a round elsewhere. */
public final class RunProgress implements ExperimentListener, AutoCloseable {
    private static final int MAX_STATE_CHARS = 200;
    private static final int MAX_SHOWN_PARTICIPANTS = 20;

    private final PrintWriter out;
    private final boolean watched;
    private @Nullable RoundsBar bar;
    private int rounds;
    private SortedSet<Participant> lastAsked = new TreeSet<>();

    private RunProgress(PrintWriter out, boolean watched) {
        this.out = out;
        this.watched = watched;
    }

    /** A bar if standard output is a terminal, else lines on {@code out}. */
    public static RunProgress on(PrintWriter out) {
        return new RunProgress(out, Terminal.isWatched());
    }

    @Override
    public synchronized void notice(String text) {
        println("Note: " + text);
    }

    @Override
    public synchronized void roundStarted(int round, int allRounds, SortedSet<Participant> asked) {
        rounds = Math.max(round, allRounds);
        if (watched && bar == null) {
            out.flush();
            bar = new RoundsBar(System.out, round - 1, rounds);
        }
        if (!asked.equals(lastAsked)) {
            lastAsked = new TreeSet<>(asked);
            println("Round " + round + " asks " + shown(asked));
        }
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
        if (state.startsWith("answered")) {
            return;
        }
        var cut = state.length() > MAX_STATE_CHARS ? state.substring(0, MAX_STATE_CHARS) + "…" : state;
        var verb = state.endsWith("line") || state.startsWith("left out") ? " is " : " ";
        println((round > 0 ? "Round " + round : "Before round 1") + ": " + participant + verb + cut);
    }

    @Override
    public synchronized void scalar(Scalar scalar) {
        if (bar != null && scalar.name().equals("loss")) {
            bar.message(String.format(
                    Locale.ROOT,
                    "loss %.4f at %s",
                    scalar.value(),
                    scalar.participant().node()));
        }
    }

    @Override
    public synchronized void roundFinished(RoundSummary summary) {
        if (bar != null) {
            if (summary.accepted() < summary.outcomes().size()) {
                println("Round " + summary.round() + ": " + summary.tally());
            }
            bar.finished(summary.round());
            return;
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
    }

    private void println(String line) {
        if (bar != null) {
            bar.printAbove(line);
        } else {
            out.println(line);
            out.flush();
        }
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
