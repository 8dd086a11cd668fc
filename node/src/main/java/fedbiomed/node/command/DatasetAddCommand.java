package fedbiomed.node.command;

import fedbiomed.data.DatasetKinds;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.registry.SqlDatasets;
import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.Dialogue;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.DatasetText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "add",
        description = {
            "Share a dataset with the researchers whom this node trusts.",
            "They see its name, tags, description, shape and columns. The data stays where it is.",
            "At a terminal it asks for what is left out, and shows the dataset before it is shared."
        })
final class DatasetAddCommand extends FedbiomedCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(arity = "0..1", paramLabel = "PATH", description = "The dataset's file or folder; none for kind sql.")
    @Nullable
    Path path;

    @Option(names = "--name", paramLabel = "NAME", description = "What people call it.")
    @Nullable
    String name;

    @Option(
            names = "--tags",
            split = ",",
            paramLabel = "TAG",
            description = "Words by which researchers find it, separated by commas.")
    @Nullable
    List<String> tags;

    @Option(names = "--description", paramLabel = "TEXT", description = "What it holds, for researchers.")
    @Nullable
    String description;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "What it is (default: what it looks like); see 'fedbiomed node dataset kinds'.")
    @Nullable
    String kind;

    @Option(
            names = "--set",
            paramLabel = "SETTING=VALUE",
            description = "How it is read; repeatable. 'fedbiomed node dataset kinds' tells what each kind knows.")
    Map<String, String> settings = new TreeMap<>();

    @Option(
            names = "--loading-plan",
            paramLabel = "PLAN",
            description = "Under which names and values it takes part; see 'fedbiomed node loading-plan'.")
    @Nullable
    String loadingPlan;

    @Option(
            names = "--file",
            paramLabel = "YAML",
            description = "Share the datasets that this file lists: all of them, or none if one is not fit.")
    @Nullable
    Path file;

    @Option(names = "--yes", description = "Share it without asking.")
    boolean yes;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    private final @Nullable Dialogue dialogue;

    DatasetAddCommand() {
        this(Dialogue.here());
    }

    /** @param dialogue {@code null} where nobody can be asked */
    DatasetAddCommand(@Nullable Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    @Override
    protected void run() {
        if (file != null) {
            addFile(file);
            return;
        }
        if (DatasetKinds.SQL.equals(kind)) {
            addQuery();
            return;
        }
        boolean asks = path == null || name == null;
        if (asks && dialogue == null) {
            throw usage("missing: " + (path == null ? "PATH" : "") + (path == null && name == null ? " and " : "")
                    + (name == null ? "--name=NAME" : "") + " (at a terminal they are asked for)");
        }
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var datasets = new DatasetRegistry(database, reader, clock());
            var plans = new LoadingPlanRegistry(database, clock());
            var prepared = wanted(plans, asks).prepare(datasets, plans);
            boolean seen = asks && !yes;
            if (seen) {
                requireAccepted(prepared);
            }
            var shared = datasets.share(List.of(prepared)).getFirst();
            if (seen && !json) {
                out().println("Shared as " + shared.id() + ".");
                attention(shared);
            } else {
                print(shared);
            }
        }
    }

    private WantedDataset wanted(LoadingPlanRegistry plans, boolean asks) {
        if (!asks || dialogue == null) {
            return new WantedDataset(
                    Objects.requireNonNull(path),
                    kind,
                    Objects.requireNonNull(name),
                    tags == null ? List.of() : tags,
                    description == null ? "" : description,
                    settings,
                    loadingPlan);
        }
        var questions = new DatasetQuestions(dialogue);
        var at = path == null ? questions.path() : path;
        return new WantedDataset(
                at,
                kind == null ? questions.kind(at) : kind,
                name == null ? questions.name(at) : name,
                tags == null ? questions.tags() : tags,
                description == null ? questions.description() : description,
                settings,
                loadingPlan == null ? questions.loadingPlan(plans.list()) : loadingPlan);
    }

    private void requireAccepted(RegisteredDataset prepared) {
        var asked = Objects.requireNonNull(dialogue);
        asked.say("");
        asked.say("Researchers whom this node trusts will see this:");
        asked.say("");
        DatasetText.lines(prepared.description()).forEach(asked::say);
        DatasetPrinter.notes(prepared).forEach(asked::say);
        asked.say("");
        if (!asked.confirms("Share it?")) {
            throw new CommandFailed(ExitCodes.FAILED, "not shared; nothing was changed");
        }
    }

    private void print(RegisteredDataset dataset) {
        if (json) {
            printJson(DatasetPrinter.Shown.of(dataset));
        } else {
            out().println("Shared. Researchers whom this node trusts see this:");
            out().println();
            DatasetPrinter.print(dataset, out());
            DatasetPrinter.printNotes(dataset, out());
        }
        attention(dataset);
    }

    private void attention(RegisteredDataset dataset) {
        if (dataset.description().tags().isEmpty()) {
            note("It has no tags: an experiment finds it only by its node and its id. Tags are given with --tags.");
        }
        Policies.tooFew(at.existing(), dataset.description()).ifPresent(this::note);
    }

    private void addQuery() {
        if (path != null || name == null) {
            throw usage(
                    path != null
                            ? "a query (kind sql) has no PATH: what it returns is kept in the node's home"
                            : "missing: --name=NAME");
        }
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var plan = loadingPlan == null ? null : new LoadingPlanRegistry(database, clock()).get(loadingPlan);
            print(new SqlDatasets(new DatasetRegistry(database, reader, clock()), database, clock())
                    .add(
                            settings,
                            plan,
                            name,
                            tags == null
                                    ? List.of()
                                    : tags.stream().map(String::strip).toList(),
                            description == null ? "" : description));
        }
    }

    private void addFile(Path list) {
        if (path != null
                || name != null
                || tags != null
                || description != null
                || kind != null
                || loadingPlan != null
                || !settings.isEmpty()) {
            throw usage("with --file, the file says what each dataset is; leave PATH and the other options out");
        }
        try (var database = at.database();
                var reader = at.reader(clock())) {
            var datasets = new DatasetRegistry(database, reader, clock());
            var prepared =
                    new DatasetsFile(list).prepare(datasets, new LoadingPlanRegistry(database, clock()), this::error);
            var shared = datasets.share(prepared);
            if (json) {
                printJson(shared.stream().map(DatasetPrinter.Shown::of).toList());
            } else {
                out().println("Shared " + shared.size() + " datasets ('fedbiomed node dataset show ID" + at.repeated()
                        + "' shows each):");
                DatasetTable.of(shared, null).print(out());
            }
            shared.forEach(this::attention);
        }
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
