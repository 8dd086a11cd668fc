package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.InitialWeights;
import fedbiomed.training.ModelMetadata;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The rounds of an experiment, one after the other, from where its folder stands. */
final class ExperimentRun {
    private final ExperimentParts parts;
    private final Duration approvalPatience;
    private final String note;
    private IntFunction<Optional<TrainingArgs>> argsOfRound = _ -> Optional.empty();

    ExperimentRun(ExperimentParts parts, Duration approvalPatience, String note) {
        this.parts = parts;
        this.approvalPatience = approvalPatience;
        this.note = note;
    }

    /** @param args of a round, where they are not those of the experiment */
    ExperimentRun trainingArgs(IntFunction<Optional<TrainingArgs>> args) {
        argsOfRound = args;
        return this;
    }

    /** All that are left, and the final model's test. */
    void all() {
        running(statistics -> {
            var scores = Scores.of(parts);
            while (parts.folder().lastFinishedRound() < parts.arguments().rounds() && !isOver(scores)) {
                scores.add(round(statistics));
            }
            testFinalModel();
            return parts.folder().lastFinishedRound();
        });
    }

    private boolean isOver(Scores scores) {
        var rule = parts.arguments().earlyStopping();
        var reason = rule == null ? null : scores.end(rule);
        if (reason != null) {
            parts.events()
                    .notice("ended after round " + parts.folder().lastFinishedRound() + " of "
                            + parts.arguments().rounds() + ": " + reason);
        }
        return reason != null;
    }

    /** The next one, whatever number was planned. */
    RoundSummary one() {
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
            } catch (RuntimeException e) {
                reportAfter(e);
                throw e;
            } finally {
                stop.run();
                parts.events().logTo(null);
            }
        }
    }

    /** What was reached by then is worth a page, too; what failed, or was stopped, is the more important message. */
    private void reportAfter(RuntimeException failure) {
        if (parts.folder().lastFinishedRound() < 0) {
            return;
        }
        // an interrupted thread can write no file
        boolean interrupted = Thread.interrupted();
        try {
            ExperimentReport.write(parts);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The rounds test the model that they begin with, so that the last one's result is tested here. */
    private void testFinalModel() {
        var args = parts.arguments().trainingArgs();
        int round = parts.folder().lastFinishedRound();
        var last = parts.folder().round(round);
        if (!args.testOnGlobalUpdates()
                || args.testRatio() == 0
                || last.test(parts.metrics()).isPresent()) {
            return;
        }
        try {
            var test = EvaluationRun.ofExperiment(parts, round).run(last.global());
            last.writeTest(test);
            parts.events().finalTest(round, test);
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
        var asked = argsOfRound
                .apply(round)
                .map(args -> parts.with(parts.arguments().withTrainingArgs(args), parts.strategy()))
                .orElse(parts);
        var summary = new RoundRun(asked, statistics, round).run();
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
        long seed = Seeds.model(parts.arguments().seed());
        parts.plan().readInitialParameters(parts.arguments().modelArgs(), seed, own -> {
            writeInitialModel(target, metadata, own);
            return target;
        });
    }

    private void writeInitialModel(Path target, Map<String, String> metadata, Parameters own) {
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
}
