package fedbiomed.researcher.experiment;

import fedbiomed.parameters.MappedParameters;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.metrics.MetricDirection;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A training plan, taken round by round over the participants' data. All that it knows lies in its folder, so that it can
 * be resumed after anything: finished rounds are never done again, and of a broken one the answers that came are kept.
 */
public final class Experiment {
    private volatile ExperimentParts parts;
    private final AtomicReference<@Nullable Thread> runner = new AtomicReference<>();
    private final Duration approvalPatience;
    private final String note;

    Experiment(ExperimentParts parts, Duration approvalPatience, String note) {
        this.parts = parts;
        this.approvalPatience = approvalPatience;
        this.note = note;
    }

    public static ExperimentBuilder builder(Researcher researcher) {
        return new ExperimentBuilder(researcher);
    }

    /** Reads an {@code experiment.yaml}. @throws FedbiomedException naming the file, the key and what is allowed */
    public static ExperimentFile read(Path file) {
        return ExperimentYaml.read(file);
    }

    /** Goes on with the experiment in {@code folder} from its last finished round. */
    public static Experiment resume(Researcher researcher, Path folder) {
        return resumption(researcher, folder).open();
    }

    /**
     * As {@link #resume(Researcher, Path)}, with changed rounds or another strategy ({@link ExperimentFile#withRounds},
     * {@link ExperimentFile#withStrategy}), which are kept.
     *
     * @throws FedbiomedException if {@code folder} is no experiment of this researcher, or its plan was changed
     */
    public static Experiment resume(
            Researcher researcher, Path folder, UnaryOperator<ExperimentFile> changes, Duration approvalPatience) {
        return resumption(researcher, folder)
                .changes(changes)
                .approvalPatience(approvalPatience)
                .open();
    }

    /** As {@link #resume(Researcher, Path)}, for an aggregator or a strategy of one's own. */
    public static ExperimentResumption resumption(Researcher researcher, Path folder) {
        return new ExperimentResumption(researcher, folder);
    }

    /** Tells {@code listener} how it goes on. @return this */
    public Experiment listener(ExperimentListener listener) {
        parts.events().add(listener);
        return this;
    }

    public Path folder() {
        return parts.folder().root();
    }

    /** Where {@link #run} puts a page with arguments and results. */
    public Path report() {
        return parts.folder().report();
    }

    public ExperimentFile arguments() {
        return parts.arguments();
    }

    public SortedSet<Participant> participants() {
        return parts.participants();
    }

    public int finishedRounds() {
        return Math.max(0, parts.folder().lastFinishedRound());
    }

    /** Two minutes: a node may have other work, and starts a worker. */
    private static final Duration CHECK_PATIENCE = Duration.ofMinutes(2);

    /** As {@link #check(Duration)}, with two minutes for each node. */
    public CheckReport check() {
        return check(CHECK_PATIENCE);
    }

    /**
     * Tries the experiment before its first round: at every participant the plan is compiled, the data are opened and
     * prepared, and a batch goes forward and back. Nothing is kept of it, and nothing that was not approved runs.
     *
     * @param patience how long each node is waited for
     */
    public CheckReport check(Duration patience) {
        return new PreflightCheck(parts, patience).run();
    }

    /** Asks the data managers of all nodes that do not know the plan to review it. @return where it stands at each node */
    public SortedMap<PartyId, String> requestApproval() {
        return new PlanApprovals(parts, Duration.ZERO, note).request();
    }

    /** Where the plan stands at each node: who has approved it, and who is waited for. Asks nobody for a review. */
    public SortedMap<PartyId, String> planStatus() {
        return new PlanApprovals(parts, Duration.ZERO, note).status();
    }

    /**
     * Runs the rounds that are left, unless {@link EarlyStopping} ends it before, and tests the final model where {@code
     * test_on_global_updates} asks for tests.
     *
     * @throws RoundFailed if the strategy gives a round up; resuming goes on there
     * @throws FedbiomedException if the plan may not run, or {@code CANCELLED} if the thread is interrupted or {@link
     *     #cancel} is called
     */
    public void run() {
        running(run -> {
            run.all();
            return true;
        });
    }

    /** Runs the next round, also beyond the number of rounds that was planned. */
    public RoundSummary runRound() {
        return running(ExperimentRun::one);
    }

    /** As {@link #run}, with the training arguments that each round had in another experiment. */
    void runAs(IntFunction<Optional<TrainingArgs>> argsOfRound) {
        running(run -> {
            run.trainingArgs(argsOfRound).all();
            return true;
        });
    }

    private <T> T running(Function<ExperimentRun, T> what) {
        if (!runner.compareAndSet(null, Thread.currentThread())) {
            throw new FedbiomedException(
                    ErrorCode.BUSY, "the experiment in " + folder() + " is running already, in another thread");
        }
        try {
            return what.apply(new ExperimentRun(parts, approvalPatience, note));
        } finally {
            runner.set(null);
        }
    }

    /** Stops {@link #run} in whichever thread it is: nodes are told to stop, and resuming goes on from the last finished round. */
    public void cancel() {
        var running = runner.get();
        if (running != null) {
            running.interrupt();
        }
    }

    /** So many rounds in all; fewer than are finished there cannot be. @return this */
    public Experiment rounds(int rounds) {
        if (rounds < finishedRounds()) {
            throw ExperimentBuilder.wrong(finishedRounds() + " rounds are finished, so that there cannot be " + rounds
                    + "; give as many or more");
        }
        return change(file -> file.withRounds(rounds), parts.strategy());
    }

    /** From the next round on. @return this */
    public Experiment strategy(Strategy strategy) {
        return change(file -> file.withStrategy(NamedArgs.of(strategy)), strategy);
    }

    /**
     * From the next round on.
     *
     * @throws FedbiomedException if {@code test_ratio} or the seed is changed: held-out rows would be trained on
     * @return this
     */
    public Experiment trainingArgs(Consumer<TrainingArgs.Builder> change) {
        var builder = arguments().trainingArgs().toBuilder();
        change.accept(builder);
        var changed = builder.build();
        return change(file -> file.withTrainingArgs(changed), parts.strategy());
    }

    /** {@code null}: all rounds are run. @return this */
    public Experiment earlyStopping(@Nullable EarlyStopping rule) {
        return change(file -> file.withEarlyStopping(rule), parts.strategy());
    }

    /** Keeps every participant's update from the next round on. @return this */
    public Experiment retainFullHistory(boolean retain) {
        return change(file -> file.withRetainFullHistory(retain), parts.strategy());
    }

    /** What does not fit is refused at once, and then nothing is changed. What fits is on disk when it returns. */
    private Experiment change(UnaryOperator<ExperimentFile> change, Strategy strategy) {
        if (runner.get() != null) {
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    "the experiment in " + folder() + " is running; change it between rounds (runRound)");
        }
        var before = parts.arguments();
        var changed = parts.with(change.apply(before), strategy);
        changed.requireContinuable(before);
        parts.folder().writeArguments(changed.arguments());
        parts = changed;
        return this;
    }

    /** What it is, and where it stands. */
    public ExperimentInfo info() {
        return ExperimentInfo.of(parts);
    }

    /** The model after the last finished round. @throws FedbiomedException if nothing has run yet */
    public GlobalModel globalModel() {
        return globalModel(parts.folder().lastFinishedRound());
    }

    public GlobalModel globalModel(int round) {
        if (round < 0 || round > parts.folder().lastFinishedRound()) {
            throw noModel(round, parts);
        }
        return new GlobalModel(
                round, parts.folder().round(round).global(), parts.arguments().plan());
    }

    static FedbiomedException noModel(int round, ExperimentParts parts) {
        return new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE,
                "there is no model of round " + round + ": "
                        + Math.max(0, parts.folder().lastFinishedRound())
                        + " rounds are finished; run the experiment first");
    }

    /**
     * The parameters that a round's aggregation made, by tensor names; memory-mapped, to be closed.
     *
     * @param round 0: the initial ones
     */
    public MappedParameters aggregatedParameters(int round) {
        return globalModel(round).open();
    }

    /** What became of each participant in a finished round: status, numbers of rows and updates, losses, test sums. */
    public List<ParticipantOutcome> replies(int round) {
        globalModel(round);
        return round == 0 ? List.of() : parts.folder().round(round).replies();
    }

    /** Each participant's update of a round, where they are kept ({@link #retainFullHistory}). */
    public SortedMap<Participant, Path> updates(int round) {
        globalModel(round);
        var folder = parts.folder().round(round);
        var updates = new TreeMap<Participant, Path>();
        replies(round).stream()
                .map(ParticipantOutcome::participant)
                .filter(participant -> Files.exists(folder.update(participant)))
                .forEach(participant -> updates.put(participant, folder.update(participant)));
        return updates;
    }

    /**
     * The round whose global model did best on all held-out rows together; empty if no model was tested by this metric.
     *
     * @param metric as tests tell it ({@code log_loss}), or {@link EarlyStopping#TRAINING_LOSS}
     * @throws FedbiomedException if which way it gets better is not known ({@link #bestRound(String, MetricDirection)})
     */
    public Optional<BestRound> bestRound(String metric) {
        var direction = metric.equals(EarlyStopping.TRAINING_LOSS)
                ? Optional.of(MetricDirection.LOWER_IS_BETTER)
                : MetricDirection.of(metric);
        return bestRound(
                metric,
                direction.orElseThrow(() -> ExperimentBuilder.wrong(
                        "which way '" + metric + "' gets better is not known; say it with a MetricDirection")));
    }

    public Optional<BestRound> bestRound(String metric, MetricDirection direction) {
        return Scores.of(parts).best(metric, direction);
    }

    /** A finished round in numbers, read from its folder. */
    public RoundSummary summary(int round) {
        return RoundSummary.read(round, parts.folder().round(round), parts.metrics());
    }

    /** The test of the model after the last finished round ({@link #run} makes it); empty if it was not tested. */
    public Optional<Evaluation> finalTest() {
        return parts.folder().round(finishedRounds()).test(parts.metrics());
    }

    /** What became of each participant in the round that was begun last and was given up; empty if there is none. */
    public List<ParticipantOutcome> brokenRound() {
        return parts.folder().brokenRound();
    }

    /**
     * Tests a model of this plan on the participants' held-out rows: the same rows whichever model it is.
     *
     * @param model a file that an experiment saved; the statistics in its metadata prepare the inputs
     * @throws RoundFailed if the strategy gives up
     */
    public Evaluation evaluate(Path model) {
        return evaluation().model(model).run();
    }

    /** Tests the global model on all datasets that have these tags, whether they were trained on or not. */
    public Evaluation evaluate(String... tags) {
        return evaluation().tags(tags).run();
    }

    /** A test with more said of it. */
    public EvaluationBuilder evaluation() {
        return new EvaluationBuilder(parts, Math.max(0, parts.folder().lastFinishedRound()));
    }

    /** Goes on from an earlier round of the experiment in {@code folder}, as an experiment of its own. */
    public static ExperimentBranch branch(Researcher researcher, Path folder, int round) {
        return new ExperimentBranch(researcher, folder, round);
    }

    /** Does the experiment in {@code folder} once more, and looks whether the bytes are the same. */
    public static Reproduction reproduction(Researcher researcher, Path folder) {
        return new Reproduction(researcher, folder);
    }
}
