package fedbiomed.researcher.experiment;

import fedbiomed.parameters.CompressionScheme;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Aggregators;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.strategy.Strategies;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.InitialWeights;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.PlanRequirements;
import fedbiomed.training.optimizer.OptimizerModules;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says what an experiment is to be; {@link #build} checks all of it, against the federation too, before anything runs. */
public final class ExperimentBuilder {
    public static final Duration APPROVAL_PATIENCE = Duration.ofMinutes(10);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Researcher researcher;
    private final SortedSet<String> tags = new TreeSet<>();
    private final SortedSet<PartyId> nodes = new TreeSet<>();
    private final SortedSet<Participant> datasets = new TreeSet<>();
    private final TrainingArgs.Builder training = TrainingArgs.builder();
    private final List<ExperimentListener> listeners = new ArrayList<>();
    private @Nullable TrainingArgs trainingArgs;
    private @Nullable Long seed;
    private @Nullable UpdateCompression compression;
    private @Nullable Path plan;
    private Args modelArgs = Args.NONE;
    private Aggregator aggregator = new FedAvg();
    private Strategy strategy = Strategy.all();
    private int rounds = 1;
    private @Nullable EarlyStopping earlyStopping;
    private @Nullable Path initialModel;
    private @Nullable Path folder;
    private boolean retainFullHistory;
    private Duration approvalPatience = APPROVAL_PATIENCE;
    private String note = "";

    ExperimentBuilder(Researcher researcher) {
        this.researcher = researcher;
    }

    /** Takes over the arguments of a file. */
    public ExperimentBuilder from(ExperimentFile file) {
        tags.addAll(file.tags());
        nodes.addAll(file.nodes());
        datasets.addAll(file.datasets());
        plan = file.plan();
        modelArgs = file.modelArgs();
        trainingArgs = file.trainingArgs();
        seed = file.seed();
        aggregator =
                Aggregators.named(file.aggregator().name(), file.aggregator().args());
        strategy = Strategies.named(file.strategy().name(), file.strategy().args());
        rounds = file.rounds();
        earlyStopping = file.earlyStopping();
        initialModel = file.initialModel();
        folder = file.folder();
        retainFullHistory = file.retainFullHistory();
        return this;
    }

    /** Datasets that have all of them take part. */
    public ExperimentBuilder tags(String... tags) {
        this.tags.addAll(List.of(tags));
        return this;
    }

    /** Of these nodes alone. */
    public ExperimentBuilder nodes(String... nodes) {
        for (var node : nodes) {
            this.nodes.add(PartyId.of(node));
        }
        return this;
    }

    /** Exactly these, among those that have the tags. */
    public ExperimentBuilder datasets(Participant... participants) {
        datasets.addAll(List.of(participants));
        return this;
    }

    /** The Java source file of the training plan. */
    public ExperimentBuilder plan(Path file) {
        plan = file;
        return this;
    }

    public ExperimentBuilder modelArgs(Map<String, Object> args) {
        modelArgs = new Args(args);
        return this;
    }

    public ExperimentBuilder trainingArgs(Consumer<TrainingArgs.Builder> args) {
        args.accept(training);
        trainingArgs = null;
        return this;
    }

    public ExperimentBuilder aggregator(Aggregator aggregator) {
        this.aggregator = aggregator;
        return this;
    }

    public ExperimentBuilder strategy(Strategy strategy) {
        this.strategy = strategy;
        return this;
    }

    public ExperimentBuilder rounds(int rounds) {
        this.rounds = rounds;
        return this;
    }

    /** Fewer rounds, once a figure has not got better for a while. */
    public ExperimentBuilder earlyStopping(EarlyStopping rule) {
        earlyStopping = rule;
        return this;
    }

    /** All that is drawn is drawn from it; 0 where nothing is said. */
    public ExperimentBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** How the nodes' updates travel; as they are where nothing is said. */
    public ExperimentBuilder compression(UpdateCompression scheme) {
        compression = scheme;
        return this;
    }

    /** Weights to begin with, of the plan's structure, instead of the plan's own. */
    public ExperimentBuilder initialModel(Path safetensors) {
        initialModel = safetensors;
        return this;
    }

    /** Where the experiment is kept; by default {@code experiments/<plan>-<time>}. */
    public ExperimentBuilder folder(Path folder) {
        this.folder = folder;
        return this;
    }

    /** Keeps every participant's update of every round. */
    public ExperimentBuilder retainFullHistory(boolean retain) {
        retainFullHistory = retain;
        return this;
    }

    /** How long data managers' approval is waited for; zero: not at all. */
    public ExperimentBuilder approvalPatience(Duration patience) {
        approvalPatience = patience;
        return this;
    }

    /** What data managers are told with the plan. */
    public ExperimentBuilder note(String note) {
        this.note = note;
        return this;
    }

    public ExperimentBuilder listener(ExperimentListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Checks everything, asks the nodes for their datasets, and makes the experiment's folder.
     *
     * @throws FedbiomedException with all that is wrong, each with what to do
     */
    public Experiment build() {
        var problems = new ArrayList<FedbiomedException>();
        var events = new ExperimentEvents();
        listeners.forEach(events::add);
        var loaded = attempt(problems, () -> LoadedPlan.open(requirePlan()));
        var args = attempt(problems, () -> asSent("model_args", modelArgs));
        var settled = attempt(problems, this::settledTrainingArgs);
        var optimizerArgs = settled == null ? Args.NONE : settled.optimizerArgs();
        var requirements = loaded == null || args == null
                ? null
                : attempt(problems, () -> loaded.requirements(args, optimizerArgs));
        if (requirements != null && settled != null) {
            attempt(problems, () -> requirements.chosenMetrics(settled));
        }
        if (earlyStopping != null && settled != null) {
            var unfit = earlyStopping.problemFor(settled);
            if (!unfit.isEmpty()) {
                problems.add(wrong(unfit));
            }
        }
        var given = initialModel;
        if (requirements != null && loaded != null && args != null && given != null) {
            attempt(problems, () -> {
                try (var mapped = Safetensors.open(given)) {
                    return loaded.readInitialParameters(
                            args,
                            0,
                            own -> InitialWeights.over(own, mapped.parameters()).notGiven());
                }
            });
        }
        attempt(problems, () -> {
            requireRounds(rounds);
            return true;
        });
        if (tags.isEmpty() && datasets.isEmpty()) {
            problems.add(wrong("nothing says which data to train on; give tags (see 'fedbiomed datasets')"));
        }
        var participants =
                new ParticipantSearch(researcher, tags, nodes, datasets).find(requirements, events, problems);
        if (settled != null) {
            var enough = new EnoughRows(settled);
            participants.forEach(dataset -> enough.problem(dataset).ifPresent(problems::add));
        }
        if (!participants.isEmpty()) {
            var found = new TreeSet<Participant>();
            participants.forEach(dataset -> found.add(dataset.participant()));
            var unfit = strategy.problemFor(found);
            if (!unfit.isEmpty()) {
                problems.add(wrong(unfit));
            }
        }
        if (!problems.isEmpty() || loaded == null || args == null || requirements == null || settled == null) {
            throw all(problems);
        }
        return experiment(loaded, requirements, settled, args, participants, events);
    }

    private Experiment experiment(
            LoadedPlan loaded,
            PlanRequirements requirements,
            TrainingArgs settled,
            Args args,
            List<ChosenDataset> participants,
            ExperimentEvents events) {
        var source = loaded.source();
        var where = folder == null ? newFolder(source.className()) : folder;
        var begun = new ExperimentFile.Begun(
                ExperimentFolder.FORMAT,
                UUID.randomUUID().toString(),
                researcher.party(),
                source.id(),
                researcher
                        .clock()
                        .instant()
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString(),
                participants,
                null);
        var arguments = new ExperimentFile(
                        tags,
                        nodes,
                        datasets,
                        requirePlan(),
                        args,
                        settled,
                        NamedArgs.of(aggregator),
                        NamedArgs.of(strategy),
                        rounds,
                        earlyStopping,
                        initialModel,
                        null,
                        retainFullHistory,
                        null)
                .begunAs(begun, where.resolve("plan").resolve(source.className() + ".java"));
        var onDisk = ExperimentFolder.create(where, arguments, source, requirePlan(), _ -> {});
        var parts = new ExperimentParts(
                researcher,
                arguments,
                source,
                loaded.withAttachments(onDisk.planFolder()),
                requirements,
                aggregator,
                strategy,
                onDisk,
                events);
        return new Experiment(parts, approvalPatience, note);
    }

    private Path newFolder(String className) {
        var name = className + "-" + STAMP.format(researcher.clock().instant().atZone(ZoneId.systemDefault()));
        var parent = Path.of("experiments");
        try {
            Files.createDirectories(parent);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot make the folder " + parent.toAbsolutePath() + "; choose one with --folder",
                    e);
        }
        var candidate = parent.resolve(name);
        for (int i = 2; Files.exists(candidate); i++) {
            candidate = parent.resolve(name + "-" + i);
        }
        return candidate;
    }

    private Path requirePlan() {
        if (plan == null) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID, "no training plan is given; give the path of its Java source file");
        }
        return plan;
    }

    private TrainingArgs settledTrainingArgs() {
        var given = trainingArgs == null ? training.build() : trainingArgs;
        if (given.testRatio() == 1) {
            throw wrong("training_args.test_ratio must be less than 1: with 1 no row is left to train on");
        }
        OptimizerModules.check(given.optimizerModules());
        var sent = compression == null ? given.compression() : compression;
        if (sent != null) {
            CompressionScheme.of(sent);
        }
        // contradictions are told now, not in round 1
        aggregator.forNodes(given);
        return given.toBuilder()
                .compression(sent)
                .randomSeed(seed == null ? given.randomSeed() : seed)
                .testMetricArgs(asSent("training_args.test_metric_args", given.testMetricArgs()))
                .optimizerArgs(asSent("training_args.optimizer_args", given.optimizerArgs()))
                .build();
    }

    /** As they are read back from the folder: a request's id must be the same when the experiment is resumed. */
    private static Args asSent(String name, Args args) {
        return args.asRead().requireModest(name);
    }

    private static <T> @Nullable T attempt(List<FedbiomedException> problems, Supplier<T> what) {
        try {
            return what.get();
        } catch (FedbiomedException e) {
            problems.add(e);
        } catch (IllegalArgumentException e) {
            problems.add(wrong(String.valueOf(e.getMessage())));
        }
        return null;
    }

    static void requireRounds(int rounds) {
        if (rounds < 1) {
            throw wrong("rounds must be at least 1, not " + rounds);
        }
    }

    static FedbiomedException wrong(String text) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, text);
    }

    static FedbiomedException all(List<FedbiomedException> problems) {
        if (problems.size() == 1) {
            return problems.getFirst();
        }
        var text = new StringBuilder(problems.size() + " things are wrong with the experiment:");
        problems.forEach(problem -> text.append("\n- ").append(problem.text()));
        return new FedbiomedException(problems.getFirst().code(), text.toString(), problems.getFirst());
    }
}
