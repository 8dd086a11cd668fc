package fedbiomed.training;

import fedbiomed.training.metrics.ClassificationSums;
import fedbiomed.training.metrics.CustomMetrics;
import fedbiomed.training.metrics.RegressionSums;
import fedbiomed.training.metrics.SegmentationSums;
import fedbiomed.training.metrics.SumNames;
import fedbiomed.training.metrics.SurvivalSums;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.TreeMap;

/** An engine's scores on prepared rows, and what they sum up to. */
record Evaluation(Engine engine, DataDeclaration data) {
    /** Rows scored at once where {@code test_batch_size} is not given ... */
    private static final int DEFAULT_BATCH_ROWS = 1024;
    /** ... or fewer, where so many are larger than this together: a volume may have megabytes. */
    private static final long DEFAULT_BATCH_BYTES = 64L << 20;

    /** Rows scored at once where {@code test_batch_size} is not given. */
    static int defaultBatchRows(Samples samples) {
        long bytes = samples.arrays().sizeBytes() / Math.max(1, samples.rows()) + (long) Double.BYTES * samples.width();
        return (int) Math.clamp(DEFAULT_BATCH_BYTES / Math.max(1, bytes), 1, DEFAULT_BATCH_ROWS);
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if a score or a metric of the plan is not finite */
    EvaluationSums test(Samples samples, int batchRows) {
        if (!engine.metrics().isEmpty()) {
            return withOwn(
                    new EvaluationSums(SumNames.CUSTOM, List.of(), samples.rows(), new TreeMap<>()),
                    samples,
                    batchRows);
        }
        if (data.segmentation()) {
            return segmentation(samples, batchRows);
        }
        if (data.isSurvival()) {
            return SurvivalSums.of(samples.allTargets(), scores(samples, batchRows));
        }
        return data.isClassification() ? classification(samples, batchRows) : regression(samples, batchRows);
    }

    private EvaluationSums segmentation(Samples samples, int batchRows) {
        var sums = new SegmentationSums(data.classes());
        try (var batches = new Prefetch(samples.batches(batchRows))) {
            batches.forEachRemaining(batch -> engine.segment(batch, sums));
        }
        return sums.sums();
    }

    /** With the plan's own metrics. */
    private EvaluationSums withOwn(EvaluationSums sums, Samples samples, int batchRows) {
        var names = engine.metrics();
        var totals = new double[names.size()];
        try (var batches = new Prefetch(samples.batches(batchRows))) {
            while (batches.hasNext()) {
                var batch = batches.next();
                var values = engine.test(batch);
                if (values.length != totals.length) {
                    throw new FedbiomedException(
                            ErrorCode.PLAN_FAILED,
                            "the plan told other metrics of its own than the " + totals.length + " that it declares");
                }
                for (int m = 0; m < totals.length; m++) {
                    totals[m] += values[m] * batch.rows();
                }
            }
        }
        var all = new TreeMap<>(sums.sums());
        for (int m = 0; m < totals.length; m++) {
            if (!Double.isFinite(totals[m])) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "the plan's metric '" + names.get(m)
                                + "' is not finite; lower the learning rate, or guard its division by zero");
            }
            CustomMetrics.put(all, names.get(m), totals[m]);
        }
        return new EvaluationSums(sums.task(), sums.classes(), sums.count(), all);
    }

    /** As {@link Engine#scores}, in batches of {@code batchRows}. */
    double[] scores(Samples samples, int batchRows) {
        int rows = samples.rows();
        int k = Math.max(1, data.classes().size());
        if ((long) rows * k > Integer.MAX_VALUE - 8) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    rows + " rows with " + k + " classes are too many to score at once; split the table");
        }
        var scores = new double[rows * k];
        int[] from = {0};
        score(samples, batchRows, (_, some) -> {
            System.arraycopy(some, 0, scores, from[0], some.length);
            from[0] += some.length;
        });
        return scores;
    }

    private interface Scored {
        void add(Samples batch, double[] scores);
    }

    /** Tells the scores of each batch, finite and as many as there should be. */
    private void score(Samples samples, int batchRows, Scored scored) {
        int k = Math.max(1, data.classes().size());
        try (var batches = new Prefetch(samples.batches(batchRows))) {
            while (batches.hasNext()) {
                var batch = batches.next();
                var some = engine.scores(batch);
                if (some.length != batch.rows() * k) {
                    throw new FedbiomedException(
                            ErrorCode.PLAN_FAILED,
                            "the model gave another number of scores than " + k
                                    + " a row, which are needed: let its last layer have that many outputs");
                }
                for (double score : some) {
                    if (!Double.isFinite(score)) {
                        throw new FedbiomedException(
                                ErrorCode.PLAN_FAILED,
                                "the model gives scores that are not finite; lower the learning rate, or standardise the"
                                        + " inputs");
                    }
                }
                scored.add(batch, some);
            }
        }
    }

    private EvaluationSums classification(Samples samples, int batchRows) {
        var classes = data.classes();
        var sums = new ClassificationSums(classes, engine.isProbabilistic());
        score(samples, batchRows, (batch, scores) -> {
            for (int row = 0; row < batch.rows(); row++) {
                sums.add((int) batch.targets()[row], scores, row * classes.size());
            }
        });
        return sums.sums();
    }

    private EvaluationSums regression(Samples samples, int batchRows) {
        var sums = new RegressionSums();
        score(samples, batchRows, (batch, scores) -> {
            for (int row = 0; row < batch.rows(); row++) {
                sums.add(batch.targets()[row], scores[row]);
            }
        });
        return sums.sums();
    }
}
