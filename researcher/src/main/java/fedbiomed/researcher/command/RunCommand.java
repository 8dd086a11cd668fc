package fedbiomed.researcher.command;

import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.experiment.ExperimentFile;
import fedbiomed.researcher.experiment.ExperimentFolder;
import fedbiomed.researcher.experiment.NamedArgs;
import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed run}. */
@Command(
        name = "run",
        description = {
            "Run an experiment, or go on with one that was stopped.",
            "Finds the datasets, asks for the plan's approval and waits for it, trains round by round. Every finished round"
                    + " is on disk: whatever stops the run, it goes on from there."
        },
        exitCodeList = {
            "0:all rounds are done",
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.ROUND_FAILED_TEXT,
            ExitCodes.INTERRUPTED_TEXT
        })
public final class RunCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @ArgGroup(multiplicity = "1")
    What what = new What();

    static final class What {
        @Parameters(
                paramLabel = "EXPERIMENT.yaml",
                arity = "0..1",
                description =
                        "The experiment: tags, plan, arguments, rounds. See examples/breast-cancer/experiment.yaml.")
        @Nullable
        Path file;

        @Option(
                names = "--resume",
                paramLabel = "FOLDER",
                description = "Go on with the experiment of this folder, from its last finished round.")
        @Nullable
        Path resume;
    }

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where a new experiment is kept (default: experiments/PLAN-TIME).")
    @Nullable
    Path folder;

    @Option(names = "--rounds", paramLabel = "N", description = "How many rounds, instead of what the file says.")
    @Nullable
    Integer rounds;

    @Option(
            names = "--quorum",
            paramLabel = "N",
            description = "Fewest answers of a round, instead of what the file says.")
    @Nullable
    Integer quorum;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "How long to wait for the data managers' approval (default: ${DEFAULT-VALUE}).")
    String wait = DurationText.of(ExperimentBuilder.APPROVAL_PATIENCE);

    @Option(names = "--no-wait", description = "Do not wait for it: ask, and end if the plan may not run yet.")
    boolean noWait;

    @Option(names = "--note", paramLabel = "TEXT", description = "What data managers are told with the plan.")
    String note = "";

    @Option(names = "--json", description = "End with the result as one line of JSON.")
    boolean json;

    @Override
    protected void run() {
        var patience = noWait ? Duration.ZERO : DurationText.parse(wait);
        // what is wrong with the file is said before anything is connected
        var file = what.file == null ? null : changed(Experiment.read(what.file));
        try (var researcher = Researcher.open(at.path());
                var progress = RunProgress.on(out())) {
            var experiment = file == null ? resumed(researcher, patience) : begun(researcher, file, patience, progress);
            if (file == null) {
                experiment.listener(progress);
            }
            out().println("Experiment in " + experiment.folder() + ": "
                    + counted(experiment.participants().size(), "dataset") + ", "
                    + counted(experiment.arguments().rounds(), "round")
                    + (experiment.finishedRounds() > 0 ? ", " + experiment.finishedRounds() + " of them done" : "")
                    + ".");
            out().flush();
            if (!ranToTheEnd(experiment, progress)) {
                return;
            }
            progress.close();
            show(experiment);
        }
    }

    /** @return false after Ctrl-C: the JVM is ending, with an exit code of its own */
    private boolean ranToTheEnd(Experiment experiment, RunProgress progress) {
        try (var interruption = Interruption.ofThisThread()) {
            try {
                experiment.run();
                return true;
            } catch (RuntimeException e) {
                progress.close();
                var stopped = "stopped. Go on with 'fedbiomed run --resume " + experiment.folder() + "'";
                // whatever the interruption broke; said here, since the JVM ends as soon as it is closed
                if (interruption.fired()) {
                    error(stopped);
                    return false;
                }
                throw switch (e) {
                    case RoundFailed failed -> new CommandFailed(ExitCodes.ROUND_FAILED, failed.text(), failed);
                    case FedbiomedException known
                    when known.code() == ErrorCode.CANCELLED ->
                        new FedbiomedException(ErrorCode.CANCELLED, stopped, known);
                    default -> e;
                };
            }
        }
    }

    private Experiment begun(Researcher researcher, ExperimentFile file, Duration patience, RunProgress progress) {
        var builder = Experiment.builder(researcher)
                .from(file)
                .approvalPatience(patience)
                .note(note)
                .listener(progress);
        if (folder != null) {
            builder.folder(folder);
        }
        return builder.build();
    }

    private Experiment resumed(Researcher researcher, Duration patience) {
        if (what.resume == null) {
            throw new IllegalArgumentException("give an experiment.yaml, or --resume FOLDER");
        }
        int done = ExperimentFolder.open(what.resume).lastFinishedRound();
        if (rounds != null && rounds < done) {
            throw new IllegalArgumentException(
                    "--rounds " + rounds + " is fewer than the " + done + " that are done; give " + done + " or more");
        }
        return Experiment.resume(researcher, what.resume, this::changed, patience);
    }

    private ExperimentFile changed(ExperimentFile file) {
        var changed = file;
        if (rounds != null) {
            if (rounds < 1) {
                throw new IllegalArgumentException("--rounds must be at least 1, not " + rounds);
            }
            changed = changed.withRounds(rounds);
        }
        if (quorum != null) {
            var args = new TreeMap<>(file.strategy().args().values());
            args.put("quorum", quorum);
            changed = changed.withStrategy(new NamedArgs(file.strategy().name(), new Args(args)));
        }
        return changed;
    }

    private static String counted(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }

    private void show(Experiment experiment) {
        var model = experiment.globalModel();
        var last = experiment.summary(model.round());
        ResultTable.of(experiment).forEach(out()::println);
        out().println("Global model: " + model.file());
        out().println("Report:       " + experiment.report());
        if (json) {
            var result = new TreeMap<String, Object>();
            result.put("folder", experiment.folder().toString());
            result.put("rounds", model.round());
            result.put("model", model.file().toString());
            result.put("report", experiment.report().toString());
            result.put("participants", last.asked());
            result.put("accepted", last.accepted());
            result.put(
                    "test_on_global_updates",
                    experiment.finalTest().map(Evaluation::pooled).orElseGet(last::pooledGlobal));
            result.put("test_on_local_updates", last.pooledLocal());
            printJson(result);
        }
    }
}
