package fedbiomed.training;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Carries an engine over the training rows, in batches, as {@link TrainingArgs} say. The order of the rows, and
 * what is drawn for their augmentation, depend on the seed and the epoch alone.
 *
 * @param seed of the shuffling ({@link fedbiomed.vocabulary.Seeds#training})
 * @param scalars told the loss at every {@code log_interval}-th batch and at the last
 */
record TrainingLoop(
        Engine engine, TrainingArgs args, int round, Participant participant, long seed, Consumer<Scalar> scalars) {
    static final String PHASE = "training";

    /** @param updates optimizer steps made; @param loss mean over the last epoch's batches */
    record Outcome(long updates, double loss) {}

    /** @throws FedbiomedException {@code DATA_UNFIT} where no batch comes about */
    Outcome train(Samples samples) {
        int rows = samples.rows();
        int size = Math.min(args.loaderArgs().batchSize(), rows);
        long perEpoch = batchesPerEpoch(rows);
        long total = args.updates(rows);
        var order = order(rows);
        var random = new SplittableRandom(seed);
        long done = 0;
        double sum = 0;
        long summed = 0;
        int epoch = 0;
        while (done < total) {
            var drawn = samples.augmented(seed, ++epoch);
            if (args.loaderArgs().shuffle()) {
                shuffle(order, random);
            }
            sum = 0;
            summed = 0;
            for (long b = 0; b < perEpoch && done < total; b++) {
                int from = (int) (b * size);
                double loss = engine.train(drawn.select(order, from, Math.min(rows, from + size)));
                done++;
                sum += loss;
                summed++;
                if (done % args.logInterval() == 0 || done == total) {
                    scalars.accept(new Scalar(round, participant, PHASE, "loss", done, total, loss));
                }
            }
            engine.epochEnded();
        }
        return new Outcome(done, sum / summed);
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

    private static int[] order(int rows) {
        var order = new int[rows];
        for (int i = 0; i < rows; i++) {
            order[i] = i;
        }
        return order;
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
