package fedbiomed.training;

import fedbiomed.training.optimizer.GradientChain;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.Timings;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Whether a plan goes together with a dataset, before the first round: its data prepared, a few batches forward and back
 * on a model of its own. Whatever is learnt is thrown away.
 */
record CheckRun(LoadedPlan.Instance plan, WorkerJob job, KeptData kept, LongSupplier nanoClock) {
    /** So many batches are timed at the most ... */
    private static final int MOST_BATCHES = 20;
    /** ... and none is begun after so long: a slow one says enough. */
    private static final long ENOUGH_NANOS = 300_000_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    WorkerReply.Done run() {
        long start = nanoClock.getAsLong();
        var preparation = plan.preparation(kept);
        var data = preparation.prepare(withOwnStatistics(preparation));
        var timings = Timings.NONE.with("load", millisSince(start));
        long seed = Seeds.training(job.trainingArgs().randomSeed(), job.participant(), job.round());
        try (var engine = plan.engine(job, seed)) {
            int rows = Math.min(
                    job.trainingArgs().loaderArgs().batchSize(), data.train().rows());
            var batch = data.train()
                    .augmented(seed, 1)
                    .select(IntStream.range(0, rows).toArray(), 0, rows)
                    .fetched();
            var chain = new GradientChain(job.trainingArgs(), engine.parameters(), engine.trained(), null);
            engine.gradientHook(chain.isEmpty() ? GradientHook.NONE : chain);
            // not timed: the first one loads classes and engines
            requireFinite(engine.train(batch));
            long begun = nanoClock.getAsLong();
            int batches = 0;
            double loss = 0;
            while (batches < MOST_BATCHES && (batches == 0 || nanoClock.getAsLong() - begun < ENOUGH_NANOS)) {
                loss = engine.train(batch);
                batches++;
            }
            return new WorkerReply.Done(
                    data.train().rows(),
                    batches,
                    loss,
                    null,
                    null,
                    null,
                    batch.shapes(),
                    timings.with("batches", millisSince(begun)),
                    0);
        }
    }

    /** The statistics of all nodes are gathered when the experiment begins; until then a node's own do. */
    private WorkerJob withOwnStatistics(DataPreparation preparation) {
        return job.with(preparation.statistics(job));
    }

    private static void requireFinite(double loss) {
        if (!Double.isFinite(loss)) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the loss of the first batch is not a finite number; look at the loss and at the inputs' scale"
                            + " (standardise them)");
        }
    }

    private long millisSince(long start) {
        return (nanoClock.getAsLong() - start) / NANOS_PER_MILLI;
    }
}
