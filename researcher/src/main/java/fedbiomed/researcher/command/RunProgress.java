package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedSet;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows a run as it goes on: a bar where a person looks at it, a line a round elsewhere. */
public final class RunProgress implements ExperimentListener, AutoCloseable {
    private static final int MAX_STATE_CHARS = 200;

    private final PrintWriter out;
    private final boolean terminal;
    private @Nullable ProgressBar bar;
    private int rounds;
    private double lastLoss = Double.NaN;

    private RunProgress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** A bar (on standard error) if standard output is a terminal, else lines on {@code out}. */
    public static RunProgress on(PrintWriter out) {
        var console = System.console();
        return new RunProgress(out, console != null && console.isTerminal());
    }

    static RunProgress lines(PrintWriter out) {
        return new RunProgress(out, false);
    }

    @Override
    public synchronized void notice(String text) {
        println("Note: " + text);
    }

    @Override
    public synchronized void roundStarted(int round, int allRounds, SortedSet<Participant> asked) {
        rounds = Math.max(round, allRounds);
        if (terminal && bar == null) {
            bar = new ProgressBarBuilder()
                    .setTaskName("Rounds")
                    .setInitialMax(rounds)
                    .setStyle(ProgressBarStyle.ASCII)
                    .setUpdateIntervalMillis(250)
                    .continuousUpdate()
                    .build();
            bar.stepTo(round - 1L);
        }
    }

    @Override
    public synchronized void participantChanged(int round, Participant participant, String state) {
        if (state.startsWith("answered")) {
            return;
        }
        var cut = state.length() > MAX_STATE_CHARS ? state.substring(0, MAX_STATE_CHARS) + "…" : state;
        println((round > 0 ? "Round " + round + ": " : "") + participant + " " + cut);
    }

    @Override
    public synchronized void scalar(Scalar scalar) {
        if (scalar.name().equals("loss")) {
            lastLoss = scalar.value();
            if (bar != null) {
                bar.setExtraMessage(String.format(
                        Locale.ROOT, " %s loss %.4f", scalar.participant().node(), lastLoss));
            }
        }
    }

    @Override
    public synchronized void roundFinished(RoundSummary summary) {
        if (bar != null) {
            bar.stepTo(summary.round());
            return;
        }
        var loss = summary.loss();
        var line = new StringBuilder("Round " + summary.round() + " of " + rounds + ": " + summary.accepted() + " of "
                + summary.outcomes().size() + " answered");
        if (loss != null) {
            line.append(String.format(Locale.ROOT, ", training loss %.4f", loss));
        }
        summary.pooledGlobal().forEach((name, value) -> {
            if (name.equals("accuracy") || name.equals("log_loss") || name.equals("rmse")) {
                line.append(String.format(Locale.ROOT, ", %s %.4f", name, value));
            }
        });
        println(line.toString());
    }

    private void println(String line) {
        out.println(line);
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
