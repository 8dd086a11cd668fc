package fedbiomed.training;

import fedbiomed.training.optimizer.GradientChain;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Carries an engine over the training rows, in batches, as {@link TrainingArgs} say. The order of the rows, and
 * what is drawn for their augmentation, depend on the seed and the epoch alone.
 *
 * @param seed of the shuffling ({@link fedbiomed.vocabulary.Seeds#training})
 * @param scalars told what {@link TrainingScalars} are
 */
record TrainingLoop(
        Engine engine,
        TrainingArgs args,
        int round,
        Participant participant,
        long seed,
        LongSupplier nanoClock,
        Consumer<Scalar> scalars) {
    /** @param updates optimizer steps made; @param loss mean over the last epoch's batches */
    record Outcome(long updates, double loss) {}

    /**
     * @param chain what each gradient goes through
     * @throws FedbiomedException {@code DATA_UNFIT} where no batch comes about
     */
    Outcome train(Samples samples, GradientChain chain) {
        long perEpoch = batchesPerEpoch(samples.rows());
        if (chain.beforehand() != GradientHook.NONE) {
            gradients(samples, chain);
        }
        engine.gradientHook(chain.isEmpty() ? GradientHook.NONE : chain);
        long total = args.updates(samples.rows());
        long done = 0;
        double sum = 0;
        long summed = 0;
        var told = new TrainingScalars(round, participant, args.logInterval(), total, nanoClock, scalars);
        try (var batches = new Prefetch(new EpochBatches(samples, perEpoch, total))) {
            while (done < total) {
                if (done % perEpoch == 0) {
                    sum = 0;
                    summed = 0;
                }
                double loss = engine.train(batches.next());
                done++;
                sum += loss;
                summed++;
                told.after(done, loss, engine);
                if (done % perEpoch == 0 || done == total) {
                    engine.epochEnded();
                }
            }
        }
        return new Outcome(done, sum / summed);
    }

    /** Shows the loss's gradients over one epoch, all of its batches, and leaves the engine as it was. */
    private void gradients(Samples samples, GradientChain chain) {
        var state = engine.state();
        var model = engine.parameters();
        int size = Math.min(args.loaderArgs().batchSize(), samples.rows());
        long all = args.loaderArgs().dropLast() ? samples.rows() / size : Math.ceilDiv(samples.rows(), size);
        engine.gradientHook(chain.beforehand());
        try (var batches = new Prefetch(new EpochBatches(samples, all, all))) {
            while (batches.hasNext()) {
                var batch = batches.next();
                chain.weigh(batch.rows());
                engine.gradient(batch);
            }
        }
        // a batch normalisation's running means have moved
        engine.load(model);
        engine.loadState(state);
    }

    /** The batches of all epochs, each epoch's rows in an order of its own where they are shuffled. */
    private final class EpochBatches implements Iterator<Samples> {
        private final Samples samples;
        private final int size;
        private final int[] order;
        private final long perEpoch;
        private final long total;
        private final SplittableRandom random = new SplittableRandom(seed);
        private Samples drawn;
        private int epoch;
        private long next;

        EpochBatches(Samples samples, long perEpoch, long total) {
            this.samples = samples;
            this.drawn = samples;
            this.size = Math.min(args.loaderArgs().batchSize(), samples.rows());
            this.order = IntStream.range(0, samples.rows()).toArray();
            this.perEpoch = perEpoch;
            this.total = total;
        }

        @Override
        public boolean hasNext() {
            return next < total;
        }

        @Override
        public Samples next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long batch = next % perEpoch;
            if (batch == 0) {
                drawn = samples.augmented(seed, ++epoch);
                if (args.loaderArgs().shuffle()) {
                    shuffle(order, random);
                }
            }
            next++;
            int from = (int) (batch * size);
            return drawn.select(order, from, Math.min(order.length, from + size));
        }
    }

    private long batchesPerEpoch(int rows) {
        long batches = args.batchesPerEpoch(rows);
        if (batches == 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "with " + rows + " training rows, batch_size "
                            + args.loaderArgs().batchSize()
                            + " and drop_last there is no batch; lower batch_size or leave drop_last out");
        }
        return batches;
    }

    /** Fisher and Yates's, as Durstenfeld wrote it (CACM 7, 1964, algorithm 235). */
    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[j];
            order[j] = held;
        }
    }
}
