package fedbiomed.training;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.training.optimizer.GradientChain;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.Timings;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One job of a freshly loaded plan, from files to a reply. Used once. */
final class PlanRun {
    private static final String GLOBAL_TEST = "test_on_global_updates";
    private static final String LOCAL_TEST = "test_on_local_updates";
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final LoadedPlan.Instance plan;
    /** More than one where rows of several participants are pooled; the first one's arguments and seeds count. */
    private final List<WorkerJob> jobs;

    private final WorkerJob job;
    private final KeptData kept;
    private final Consumer<Scalar> scalars;
    private final LongSupplier nanoClock;
    private Timings timings = Timings.NONE;

    PlanRun(
            LoadedPlan.Instance plan,
            List<WorkerJob> jobs,
            KeptData kept,
            Consumer<Scalar> scalars,
            LongSupplier nanoClock) {
        this.plan = plan;
        this.jobs = List.copyOf(jobs);
        this.job = jobs.getFirst();
        this.kept = kept;
        this.scalars = scalars;
        this.nanoClock = nanoClock;
    }

    WorkerReply.Done run() {
        return switch (job.task()) {
            case STATISTICS -> statistics();
            case TRAIN -> withModel(this::train);
            case EVALUATE -> withModel(this::evaluate);
            case CHECK -> new CheckRun(plan, job, kept, nanoClock).run();
        };
    }

    private WorkerReply.Done statistics() {
        var preparation = plan.preparation(kept);
        var statistics = timed("load", () -> preparation.statistics(job));
        long samples = statistics.columns().values().stream()
                .mapToLong(moments -> moments.count() + moments.missing())
                .max()
                .orElse(0);
        return new WorkerReply.Done(samples, 0, Double.NaN, null, null, statistics, timings);
    }

    @FunctionalInterface
    private interface ModelTask {
        WorkerReply.Done run(Engine engine, Incoming incoming, DataPreparation.Prepared data);
    }

    /** @param kept the predecessor's state; {@code null} without one */
    private record Incoming(Parameters model, @Nullable Parameters kept) {}

    private WorkerReply.Done withModel(ModelTask task) {
        var data = timed("load", this::prepare);
        long seed = Seeds.training(job.trainingArgs().randomSeed(), job.participant(), job.round());
        var incomingFile = required(job.parameters(), "parameters");
        try (var engine = plan.engine(job, seed);
                var mapped = Safetensors.open(incomingFile)) {
            var incoming = mapped.parameters();
            VectorMath.requireFinite(incoming, "the incoming global model");
            engine.load(Auxiliary.model(incoming));
            var kept = NodeState.read(incomingFile);
            if (kept != null) {
                engine.loadState(Auxiliary.model(kept));
            }
            return task.run(engine, new Incoming(incoming, kept), data);
        }
    }

    private DataPreparation.Prepared prepare() {
        var preparation = plan.preparation(kept);
        var each = jobs.stream().map(preparation::prepare).toList();
        return each.size() == 1
                ? each.getFirst()
                : new DataPreparation.Prepared(
                        Samples.concatenated(each.stream()
                                .map(DataPreparation.Prepared::train)
                                .toList()),
                        Samples.concatenated(each.stream()
                                .map(DataPreparation.Prepared::test)
                                .toList()));
    }

    private WorkerReply.Done train(Engine engine, Incoming incoming, DataPreparation.Prepared data) {
        var args = job.trainingArgs();
        var output = required(job.output(), "output");
        var globalTest = args.testOnGlobalUpdates() ? test(engine, data.test(), GLOBAL_TEST, 0) : null;
        long seed = Seeds.training(args.randomSeed(), job.participant(), job.round());
        var loop = new TrainingLoop(engine, args, job.round(), job.participant(), seed, nanoClock, scalars);
        var chain = new GradientChain(args, incoming.model(), engine.trained(), incoming.kept());
        var outcome = timed("train", () -> loop.train(data.train(), chain));
        engine.finish();
        // written before it is tested: no copy has to wait for the test's end
        timed("write", () -> {
            engine.read(model -> {
                var trained = chain.finish(model).withMetadata(incoming.model().metadata());
                requireConverging(trained, outcome);
                Safetensors.writePassing(output, trained);
                return output;
            });
            NodeState.keep(chain.withState(engine.state()), output);
            return output;
        });
        var localTest = args.testOnLocalUpdates() ? test(engine, data.test(), LOCAL_TEST, outcome.updates()) : null;
        return new WorkerReply.Done(
                data.train().rows(), outcome.updates(), outcome.loss(), globalTest, localTest, null, timings);
    }

    private WorkerReply.Done evaluate(Engine engine, Incoming incoming, DataPreparation.Prepared data) {
        var sums = test(engine, data.test(), GLOBAL_TEST, 0);
        return new WorkerReply.Done(data.test().rows(), 0, Double.NaN, sums, null, null, timings);
    }

    private EvaluationSums test(Engine engine, Samples samples, String phase, long iteration) {
        var batchRows = job.trainingArgs().testBatchSize();
        var evaluation = new Evaluation(engine, plan.declaration());
        var sums = timed(
                "test",
                () -> evaluation.test(samples, batchRows == null ? Evaluation.defaultBatchRows(samples) : batchRows));
        var args = job.trainingArgs();
        MetricChoice.unchecked(args.testMetric(), args.testMetricArgs())
                .of(sums)
                .forEach((name, value) ->
                        scalars.accept(new Scalar(job.round(), job.participant(), phase, name, iteration, 0, value)));
        return sums;
    }

    private static void requireConverging(Parameters trained, TrainingLoop.Outcome outcome) {
        try {
            VectorMath.requireFinite(trained, "the trained model");
        } catch (FedbiomedException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED, "after " + outcome.updates() + " updates " + e.text(), e);
        }
    }

    private static Path required(@Nullable Path path, String what) {
        if (path == null) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "the job names no file of " + what + ", which this task needs");
        }
        return path;
    }

    private <T> T timed(String phase, Supplier<T> work) {
        long start = nanoClock.getAsLong();
        var result = work.get();
        timings = timings.with(phase, (nanoClock.getAsLong() - start) / NANOS_PER_MILLI);
        return result;
    }
}
