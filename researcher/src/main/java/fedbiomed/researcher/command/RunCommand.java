package fedbiomed.researcher.command;

import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentBuilder;
import fedbiomed.researcher.experiment.ExperimentFile;
import fedbiomed.researcher.experiment.ExperimentFolder;
import java.nio.file.Path;
import java.time.Duration;
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

    @Mixin
    ChangedExperiment change = new ChangedExperiment();

    @Option(
            names = "--from-round",
            paramLabel = "N",
            description =
                    "With --resume: go on from round N as an experiment of its own, in a folder beside it or --folder.")
    @Nullable
    Integer fromRound;

    @Option(
            names = "--with",
            paramLabel = "CHANGED.yaml",
            description =
                    "With --from-round: training_args, aggregator, strategy, rounds and early_stopping of this file.")
    @Nullable
    Path with;

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
        requireFitting();
        change.requireRounds(0);
        var file = what.file == null ? null : change.of(Experiment.read(what.file));
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
            var foreground = new Foreground(progress, this::error, "fedbiomed run --resume " + experiment.folder());
            if (foreground.run(experiment::run, Interruption.ofThisThread())) {
                var result = new RunResult(experiment);
                result.lines(true).forEach(out()::println);
                if (json) {
                    printJson(result.json());
                }
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
        if (fromRound != null) {
            return branched(researcher, what.resume, fromRound, patience);
        }
        change.requireRounds(ExperimentFolder.open(what.resume).lastFinishedRound());
        return Experiment.resume(researcher, what.resume, change::of, patience);
    }

    private Experiment branched(Researcher researcher, Path from, int round, Duration patience) {
        change.requireRounds(round);
        var source = with;
        var other = source == null ? null : Experiment.read(source);
        var branch = Experiment.branch(researcher, from, round)
                .approvalPatience(patience)
                .changes(file -> change.of(
                        other == null || source == null ? file : ChangedExperiment.over(file, other, source)));
        if (folder != null) {
            branch.folder(folder);
        }
        return branch.open();
    }

    /** What makes sense with one of them alone. */
    private void requireFitting() {
        if (fromRound != null && what.resume == null) {
            throw new IllegalArgumentException(
                    "--from-round goes on from a round of an experiment; give it by --resume FOLDER");
        }
        if (with != null && fromRound == null) {
            throw new IllegalArgumentException(
                    "--with changes what goes on from an earlier round; give --from-round N");
        }
        if (folder != null && what.resume != null && fromRound == null) {
            throw new IllegalArgumentException(
                    "--resume goes on in the experiment's own folder; leave --folder out, or give --from-round N");
        }
    }

    private static String counted(int count, String thing) {
        return count + " " + thing + (count == 1 ? "" : "s");
    }
}
