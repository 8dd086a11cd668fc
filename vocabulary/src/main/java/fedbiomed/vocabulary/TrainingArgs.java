package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a node trains and tests in one round; names and meaning are Fed-BioMed's {@code training_args}.
 *
 * @param epochs passes over the training rows; exactly one of {@code epochs} and {@code numUpdates} is given
 * @param numUpdates optimizer steps, going round the training rows as often as needed
 * @param batchMaxnum at most so many batches an epoch, not with {@code numUpdates}; {@code null}: all
 * @param dryRun one batch only, to see that it runs
 * @param logInterval the loss is reported at every so many batches, at least 1
 * @param testRatio part of the rows held out for testing, 0 to less than 1; the same rows in every round. 1 where nothing is
 *     trained, and a model is tested on all rows
 * @param testBatchSize rows a step of testing; {@code null}: as many as fit the engine best
 * @param testOnGlobalUpdates test the incoming global model before training
 * @param testOnLocalUpdates test the local model after training
 * @param shuffleTestingDataset hold out other rows in every round
 * @param testMetric names of the metrics that are told; empty: the usual ones of the task
 * @param testMetricArgs arguments of the metrics ({@code average}, {@code beta}, {@code pos_label}, ...)
 * @param fedproxMu weight of FedProx's proximal term, at least 0; 0: none
 * @param useGpu the researcher may ask for a GPU; the node decides
 * @param sharePersistentBuffers buffers (the running means of batch normalisation) leave the node with the parameters
 * @param randomSeed the experiment's seed, from which every other seed is derived ({@link Seeds})
 * @param optimizerModules what each gradient goes through, in this order, before the plan's optimizer uses it
 * @param correction the aggregator's own, set by the experiment
 * @param compression of what leaves the node, set by the experiment; {@code null}: the trained model travels as it is
 */
public record TrainingArgs(
        @Nullable Integer epochs,
        @Nullable Integer numUpdates,
        LoaderArgs loaderArgs,
        @Nullable Integer batchMaxnum,
        boolean dryRun,
        int logInterval,
        double testRatio,
        @Nullable Integer testBatchSize,
        boolean testOnGlobalUpdates,
        boolean testOnLocalUpdates,
        boolean shuffleTestingDataset,
        List<String> testMetric,
        Args testMetricArgs,
        double fedproxMu,
        boolean useGpu,
        boolean sharePersistentBuffers,
        long randomSeed,
        Args optimizerArgs,
        List<OptimizerModule> optimizerModules,
        GradientCorrection correction,
        // without it a request is written as before there was any
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable UpdateCompression compression) {
    public static final int DEFAULT_LOG_INTERVAL = 10;

    public TrainingArgs {
        if ((epochs == null) == (numUpdates == null)) {
            throw new IllegalArgumentException("training_args needs exactly one of epochs and num_updates, not "
                    + (epochs == null ? "neither" : "both (epochs=" + epochs + ", num_updates=" + numUpdates + ")"));
        }
        atLeastOne("epochs", epochs);
        atLeastOne("num_updates", numUpdates);
        atLeastOne("batch_maxnum", batchMaxnum);
        atLeastOne("log_interval", logInterval);
        atLeastOne("test_batch_size", testBatchSize);
        if (!(testRatio >= 0 && testRatio <= 1)) {
            throw new IllegalArgumentException(
                    "training_args.test_ratio must be at least 0 and less than 1, not " + testRatio);
        }
        testMetric = List.copyOf(testMetric);
        optimizerModules = List.copyOf(optimizerModules);
        if (optimizerModules.size() > OptimizerModule.MAX_CHAIN) {
            throw new IllegalArgumentException("training_args.optimizer_modules has " + optimizerModules.size()
                    + " modules; at most " + OptimizerModule.MAX_CHAIN + " are allowed");
        }
        if (!(fedproxMu >= 0 && Double.isFinite(fedproxMu))) {
            throw new IllegalArgumentException(
                    "training_args.fedprox_mu must be a finite number of at least 0, not " + fedproxMu);
        }
        if (testRatio == 0 && (testOnGlobalUpdates || testOnLocalUpdates)) {
            throw new IllegalArgumentException(
                    "training_args asks for a test (test_on_global_updates or test_on_local_updates) but test_ratio is 0: no row would be held out");
        }
        if (numUpdates != null && batchMaxnum != null) {
            throw new IllegalArgumentException("training_args gives num_updates (" + numUpdates + ") and batch_maxnum ("
                    + batchMaxnum + "), which shortens epochs; leave batch_maxnum out, or give epochs instead");
        }
        if (testRatio == 0) {
            ofTests("shuffle_testing_dataset", shuffleTestingDataset);
            ofTests("test_batch_size", testBatchSize != null);
            ofTests("test_metric", !testMetric.isEmpty());
            ofTests("test_metric_args", !testMetricArgs.values().isEmpty());
        }
    }

    private static void ofTests(String name, boolean given) {
        if (given) {
            throw new IllegalArgumentException("training_args." + name
                    + " speaks of held-out rows, but test_ratio is 0: no row is held out; set test_ratio, or leave "
                    + name + " out");
        }
    }

    /** Batches in an epoch over {@code rows} training rows; 0 where {@code drop_last} leaves none. */
    public long batchesPerEpoch(long rows) {
        int size = loaderArgs.batchSize();
        long batches = loaderArgs.dropLast() ? rows / size : Math.ceilDiv(rows, (long) size);
        return batchMaxnum == null ? batches : Math.min(batches, batchMaxnum);
    }

    /** Optimizer steps of a round over {@code rows} training rows. */
    public long updates(long rows) {
        if (dryRun) {
            return 1;
        }
        return numUpdates != null ? numUpdates : batchesPerEpoch(rows) * (epochs == null ? 1 : epochs);
    }

    /** Different rows of these that training comes to see, at most. */
    public long seenRows(long rows) {
        long batch = Math.min(loaderArgs.batchSize(), rows);
        if (batch == 0) {
            return 0;
        }
        long all = loaderArgs.dropLast() ? rows / batch : Math.ceilDiv(rows, batch);
        long perEpoch = batchMaxnum == null ? all : Math.min(all, batchMaxnum);
        long updates = numUpdates != null ? numUpdates : perEpoch * (epochs == null ? 1 : epochs);
        if (dryRun) {
            updates = 1;
        }
        // unless they are shuffled, every epoch sees the same rows
        long batches = loaderArgs.shuffle() ? updates : Math.min(updates, perEpoch);
        return batches >= all ? all * batch : batches * batch;
    }

    private static void atLeastOne(String name, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException("training_args." + name + " must be at least 1, not " + value);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds these. */
    public Builder toBuilder() {
        var builder = new Builder();
        builder.epochs = epochs;
        builder.numUpdates = numUpdates;
        builder.loaderArgs = loaderArgs;
        builder.batchMaxnum = batchMaxnum;
        builder.dryRun = dryRun;
        builder.logInterval = logInterval;
        builder.testRatio = testRatio;
        builder.testBatchSize = testBatchSize;
        builder.testOnGlobalUpdates = testOnGlobalUpdates;
        builder.testOnLocalUpdates = testOnLocalUpdates;
        builder.shuffleTestingDataset = shuffleTestingDataset;
        builder.testMetric = testMetric;
        builder.testMetricArgs = testMetricArgs;
        builder.fedproxMu = fedproxMu;
        builder.useGpu = useGpu;
        builder.sharePersistentBuffers = sharePersistentBuffers;
        builder.randomSeed = randomSeed;
        builder.optimizerArgs = optimizerArgs;
        builder.optimizerModules = optimizerModules;
        builder.correction = correction;
        builder.compression = compression;
        return builder;
    }

    /** Sets what differs from the defaults: one epoch, batches of 48, no test. */
    public static final class Builder {
        private @Nullable Integer epochs;
        private @Nullable Integer numUpdates;
        private LoaderArgs loaderArgs = LoaderArgs.DEFAULT;
        private @Nullable Integer batchMaxnum;
        private boolean dryRun;
        private int logInterval = DEFAULT_LOG_INTERVAL;
        private double testRatio;
        private @Nullable Integer testBatchSize;
        private boolean testOnGlobalUpdates;
        private boolean testOnLocalUpdates;
        private boolean shuffleTestingDataset;
        private List<String> testMetric = List.of();
        private Args testMetricArgs = Args.NONE;
        private double fedproxMu;
        private boolean useGpu;
        private boolean sharePersistentBuffers = true;
        private long randomSeed;
        private Args optimizerArgs = Args.NONE;
        private List<OptimizerModule> optimizerModules = List.of();
        private GradientCorrection correction = GradientCorrection.NONE;
        private @Nullable UpdateCompression compression;

        private Builder() {}

        public Builder epochs(int epochs) {
            this.epochs = epochs;
            return this;
        }

        public Builder numUpdates(int numUpdates) {
            this.numUpdates = numUpdates;
            return this;
        }

        public Builder batchSize(int batchSize) {
            return loaderArgs(new LoaderArgs(batchSize, loaderArgs.shuffle(), loaderArgs.dropLast()));
        }

        public Builder loaderArgs(LoaderArgs loaderArgs) {
            this.loaderArgs = loaderArgs;
            return this;
        }

        public Builder batchMaxnum(int batchMaxnum) {
            this.batchMaxnum = batchMaxnum;
            return this;
        }

        public Builder dryRun(boolean dryRun) {
            this.dryRun = dryRun;
            return this;
        }

        public Builder logInterval(int logInterval) {
            this.logInterval = logInterval;
            return this;
        }

        public Builder testRatio(double testRatio) {
            this.testRatio = testRatio;
            return this;
        }

        public Builder testBatchSize(int testBatchSize) {
            this.testBatchSize = testBatchSize;
            return this;
        }

        public Builder testOnGlobalUpdates(boolean test) {
            this.testOnGlobalUpdates = test;
            return this;
        }

        public Builder testOnLocalUpdates(boolean test) {
            this.testOnLocalUpdates = test;
            return this;
        }

        public Builder shuffleTestingDataset(boolean shuffle) {
            this.shuffleTestingDataset = shuffle;
            return this;
        }

        public Builder testMetric(String... names) {
            this.testMetric = List.of(names);
            return this;
        }

        public Builder testMetricArgs(Args args) {
            this.testMetricArgs = args;
            return this;
        }

        public Builder fedproxMu(double mu) {
            this.fedproxMu = mu;
            return this;
        }

        public Builder useGpu(boolean use) {
            this.useGpu = use;
            return this;
        }

        public Builder sharePersistentBuffers(boolean share) {
            this.sharePersistentBuffers = share;
            return this;
        }

        public Builder randomSeed(long seed) {
            this.randomSeed = seed;
            return this;
        }

        public Builder optimizerArgs(Args args) {
            this.optimizerArgs = args;
            return this;
        }

        public Builder optimizerModules(List<OptimizerModule> modules) {
            this.optimizerModules = modules;
            return this;
        }

        public Builder correction(GradientCorrection correction) {
            this.correction = correction;
            return this;
        }

        public Builder compression(@Nullable UpdateCompression compression) {
            this.compression = compression;
            return this;
        }

        /** @throws IllegalArgumentException naming the argument, its value and what is allowed */
        public TrainingArgs build() {
            return new TrainingArgs(
                    epochs == null && numUpdates == null ? Integer.valueOf(1) : epochs,
                    numUpdates,
                    loaderArgs,
                    batchMaxnum,
                    dryRun,
                    logInterval,
                    testRatio,
                    testBatchSize,
                    testOnGlobalUpdates,
                    testOnLocalUpdates,
                    shuffleTestingDataset,
                    testMetric,
                    testMetricArgs,
                    fedproxMu,
                    useGpu,
                    sharePersistentBuffers,
                    randomSeed,
                    optimizerArgs,
                    optimizerModules,
                    correction,
                    compression);
        }
    }
}
