package fedbiomed.simulation.command;

import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.command.ChangedExperiment;
import fedbiomed.researcher.command.Foreground;
import fedbiomed.researcher.command.Interruption;
import fedbiomed.researcher.command.RunProgress;
import fedbiomed.researcher.command.RunResult;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentFile;
import fedbiomed.researcher.experiment.ExperimentFolder;
import fedbiomed.simulation.SimulatedFederation;
import fedbiomed.simulation.split.Partition;
import fedbiomed.simulation.split.TableSplit;
import fedbiomed.training.LoadedPlan;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed simulate}. */
@Command(
        name = "simulate",
        description = {
            "Run an experiment over many nodes on this machine: a CSV file's rows are split over them.",
            "No Network and no nodes are needed. The plan runs in this program, without a sandbox: simulate with plans and"
                    + " data of your own."
        },
        footer = {
            "",
            "Splits: iid          rows are dealt out evenly",
            "        dirichlet:A  classes in different shares: 0.1 very unlike, 100 alike",
            "        shards:N     rows sorted by class, N pieces of them a node",
            "        by:COLUMN    a node for each value of a column",
            "",
            "Example: fedbiomed simulate examples/breast-cancer/experiment.yaml \\",
            "  --data examples/breast-cancer/breast-cancer.csv --nodes 20 \\",
            "  --split dirichlet:0.3"
        },
        exitCodeList = {
            "0:all rounds are done",
            ExitCodes.FAILED_TEXT,
            ExitCodes.USAGE_TEXT,
            ExitCodes.ROUND_FAILED_TEXT,
            ExitCodes.INTERRUPTED_TEXT
        })
public final class SimulateCommand extends FedbiomedCommand {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** With more participants nobody reads the table. */
    private static final int MOST_SHOWN = 20;

    @ArgGroup(multiplicity = "1")
    What what = new What();

    static final class What {
        @Parameters(
                paramLabel = "EXPERIMENT.yaml",
                arity = "0..1",
                description = "The experiment, as for 'fedbiomed run'; its nodes and datasets are the simulated ones.")
        @Nullable
        Path file;

        @Option(
                names = "--resume",
                paramLabel = "FOLDER",
                description = "Go on with the simulation of this folder, from its last finished round.")
        @Nullable
        Path resume;
    }

    @Option(names = "--data", paramLabel = "FILE", description = "The CSV file whose rows are split.")
    @Nullable
    Path data;

    @Option(names = "--nodes", paramLabel = "N", description = "How many nodes; not with by:COLUMN.")
    int nodes;

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "iid, dirichlet:ALPHA, shards:N or by:COLUMN (default: ${DEFAULT-VALUE}).")
    String split = "iid";

    @Option(
            names = "--label",
            paramLabel = "COLUMN",
            description = "The column of classes for dirichlet and shards (default: the plan's target).")
    @Nullable
    String label;

    @Option(
            names = "--minimum-rows",
            paramLabel = "N",
            description = "Fewest rows of a node; with fewer it is an error (default: ${DEFAULT-VALUE}).")
    int minimumRows = TableSplit.USUAL_MINIMUM;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the split and of the experiment (default: the experiment's).")
    @Nullable
    Long seed;

    @Mixin
    ChangedExperiment change = new ChangedExperiment();

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where the simulation is kept (default: simulations/PLAN-TIME).")
    @Nullable
    Path folder;

    @Option(names = "--json", description = "End with the result as one line of JSON.")
    boolean json;

    @Override
    protected void run() {
        change.requireRounds(0);
        if (what.resume != null) {
            resume(what.resume);
        } else if (what.file != null) {
            begin(what.file);
        }
    }

    private void begin(Path file) {
        // what is wrong with the arguments is said before anything is made
        var experiment = changed(Experiment.read(file));
        var table = splitTable(experiment);
        if (experiment.tags().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    file
                            + " has no tags, by which the simulated datasets are found; add a line such as: tags: [simulated]");
        }
        var root = folder == null ? newFolder(experiment.plan()) : folder;
        if (Files.exists(root.resolve("experiment"))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    root + " holds a simulation already; go on with it by 'fedbiomed simulate --resume " + root
                            + "', or choose another --folder");
        }
        try (var federation = SimulatedFederation.builder(root)
                        .seed(experiment.seed())
                        .open();
                var progress = RunProgress.on(out())) {
            var added = federation.addNodes(table, experiment.tags().toArray(String[]::new));
            out().println("Simulation in " + root + ": " + added.size() + " nodes, split " + split + ".");
            out().flush();
            var builder = Experiment.builder(federation.researcher())
                    .from(experiment)
                    .listener(progress)
                    .folder(root.resolve("experiment"));
            finish(root, builder.build(), progress);
        }
    }

    private TableSplit splitTable(ExperimentFile experiment) {
        var table = data;
        if (table == null) {
            throw new IllegalArgumentException("there are no data to split; give a CSV file with --data FILE");
        }
        if (!experiment.nodes().isEmpty() || !experiment.datasets().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the experiment names nodes or datasets of a real federation, which a simulation does not have; leave"
                            + " them out of the file: tags are enough");
        }
        var column = label;
        if (column == null) {
            column = LoadedPlan.open(experiment.plan())
                    .requirements(
                            experiment.modelArgs(), experiment.trainingArgs().optimizerArgs())
                    .target();
        }
        if (column.isEmpty() && (split.startsWith("dirichlet") || split.startsWith("shards"))) {
            throw new IllegalArgumentException(
                    "the plan has no target by which '" + split + "' could split; name a column with --label COLUMN");
        }
        return new TableSplit(table, Partition.parse(split, column), nodes, minimumRows, experiment.seed());
    }

    private ExperimentFile changed(ExperimentFile file) {
        var changed = change.of(file);
        return seed == null ? changed : changed.withSeed(seed);
    }

    private Path newFolder(Path plan) {
        var name = String.valueOf(plan.getFileName()).replaceFirst("\\.java$", "") + "-"
                + STAMP.format(clock().instant().atZone(ZoneId.systemDefault()));
        var candidate = Path.of("simulations", name);
        for (int i = 2; Files.exists(candidate); i++) {
            candidate = Path.of("simulations", name + "-" + i);
        }
        return candidate;
    }

    private void resume(Path root) {
        if (data != null || folder != null || nodes != 0 || seed != null) {
            throw new IllegalArgumentException(
                    "--resume goes on with a simulation as it was begun; leave --data, --nodes,"
                            + " --seed and --folder out");
        }
        var kept = root.resolve("experiment");
        int done = ExperimentFolder.open(kept).lastFinishedRound();
        change.requireRounds(done);
        try (var federation = SimulatedFederation.builder(root).open();
                var progress = RunProgress.on(out())) {
            out().println("Simulation in " + root + ": " + federation.nodes().size() + " nodes, " + Math.max(0, done)
                    + " rounds done.");
            out().flush();
            var experiment = Experiment.resume(federation.researcher(), kept, change::of, PATIENCE);
            experiment.listener(progress);
            finish(root, experiment, progress);
        }
    }

    private void finish(Path root, Experiment experiment, RunProgress progress) {
        var foreground = new Foreground(progress, this::error, "fedbiomed simulate --resume " + root);
        var interruption =
                Interruption.ofThisThread(PATIENCE, "Still busy; what is finished is in " + root + " all the same.");
        if (foreground.run(experiment::run, interruption)) {
            var result = new RunResult(experiment);
            result.lines(experiment.participants().size() <= MOST_SHOWN).forEach(out()::println);
            if (json) {
                printJson(result.json());
            }
        }
    }
}
