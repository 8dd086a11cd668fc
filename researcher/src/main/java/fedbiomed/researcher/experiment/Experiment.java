package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.Researcher;
import fedbiomed.training.InitialWeights;
import fedbiomed.training.ModelMetadata;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Seeds;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A training plan, taken round by round over the participants' data. All that it knows lies in its folder, so that it can
 * be resumed after anything: finished rounds are never done again, and of a broken one the answers that came are kept.
 */
public final class Experiment {
    private final ExperimentParts parts;
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
     * Runs the rounds that are left, and tests the final model where {@code test_on_global_updates} asks for tests.
     *
     * @throws RoundFailed if the strategy gives a round up; resuming goes on there
     * @throws FedbiomedException if the plan may not run, or {@code CANCELLED} if the thread is interrupted
     */
    public void run() {
        running(statistics -> {
            while (parts.folder().lastFinishedRound() < parts.arguments().rounds()) {
                round(statistics);
            }
            testFinalModel();
            return parts.folder().lastFinishedRound();
        });
    }

    /** Runs the next round, also beyond the number of rounds that was planned. */
    public RoundSummary runRound() {
        return running(this::round);
    }

    private interface Running<T> {
        T with(@Nullable PreprocessingStatistics statistics);
    }

    private <T> T running(Running<T> what) {
        try (var _ = parts.folder().lock();
                var metrics = RunLogs.open(parts.folder(), parts.researcher().clock(), parts.events()::notice)) {
            parts.events().logTo(metrics);
            var stop = parts.researcher().onScalars(parts.events()::scalars);
            try {
                var result = what.with(prepare());
                ExperimentReport.write(parts);
                return result;
            } catch (RoundFailed e) {
                reportAfter(e);
                throw e;
            } finally {
                stop.run();
                parts.events().logTo(null);
            }
        }
    }

    /** What was reached by then is worth a page, too; what failed is the more important message. */
    private void reportAfter(RoundFailed failure) {
        try {
            ExperimentReport.write(parts);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /** The rounds test the model that they begin with, so that the last one's result is tested here. */
    private void testFinalModel() {
        var args = parts.arguments().trainingArgs();
        var last = parts.folder().round(parts.folder().lastFinishedRound());
        if (!args.testOnGlobalUpdates()
                || args.testRatio() == 0
                || last.test(parts.metrics()).isPresent()) {
            return;
        }
        try {
            var test = evaluate(last.global());
            last.writeTest(test);
            parts.events().finalTest(finishedRounds(), test);
        } catch (RoundFailed e) {
            parts.events().notice("the final model is there, but its test failed. " + e.text());
        } catch (FedbiomedException e) {
            if (e.code() == ErrorCode.CANCELLED) {
                throw e;
            }
            parts.events()
                    .notice((e.rule() == null
                                    ? "the final model is there, but its test failed: "
                                    : "the final model is not tested: ")
                            + e.text());
        }
    }

    private RoundSummary round(@Nullable PreprocessingStatistics statistics) {
        int round = parts.folder().lastFinishedRound() + 1;
        var summary = new RoundRun(parts, statistics, round).run();
        parts.events().roundFinished(summary);
        return summary;
    }

    /** Approval, statistics and the initial model, where they are not there yet. */
    private @Nullable PreprocessingStatistics prepare() {
        var folder = parts.folder();
        if (folder.lastFinishedRound() < 0) {
            new PlanApprovals(parts, approvalPatience, note).require();
            var statistics =
                    parts.requirements().needsFederatedStatistics() ? new FederatedStatistics(parts).gather() : null;
            var metadata = new ModelMetadata(
                            parts.source().id(),
                            parts.source().className(),
                            parts.arguments().modelArgs(),
                            statistics)
                    .over(Map.of());
            writeInitialModel(folder.partialRound(0).created().global(), metadata);
            folder.finish(0).dropAnswers(false, false);
        }
        try (var mapped =
                Safetensors.open(folder.round(folder.lastFinishedRound()).global())) {
            return ModelMetadata.of(mapped.parameters().metadata()).preprocessing();
        }
    }

    private void writeInitialModel(Path target, Map<String, String> metadata) {
        var own = initialParameters();
        var given = parts.arguments().initialModel();
        if (given == null) {
            Safetensors.write(target, own.withMetadata(metadata));
            return;
        }
        try (var mapped = Safetensors.open(given)) {
            var weights = InitialWeights.over(own, mapped.parameters());
            if (!weights.notGiven().isEmpty()) {
                parts.events().notice(weights.notice());
            }
            Safetensors.write(target, weights.parameters().withMetadata(metadata));
        }
    }

    private Parameters initialParameters() {
        return parts.plan()
                .initialParameters(
                        parts.arguments().modelArgs(),
                        Seeds.model(parts.arguments().seed()));
    }

    /** The model after the last finished round. @throws FedbiomedException if nothing has run yet */
    public GlobalModel globalModel() {
        return globalModel(parts.folder().lastFinishedRound());
    }

    public GlobalModel globalModel(int round) {
        if (round < 0 || round > parts.folder().lastFinishedRound()) {
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "there is no model of round " + round + ": " + finishedRounds()
                            + " rounds are finished; run the experiment first");
        }
        return new GlobalModel(round, parts.folder().round(round).global());
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
        return new EvaluationRun(parts, finishedRounds()).run(model);
    }
}
