package fedbiomed.training;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The numbers of a training as it goes on: the loss at every {@code log_interval}-th batch and at the last; beside it,
 * at most once a second and at the last, the learning rate and the seconds that a batch takes. What it costs is a look at
 * the clock a batch.
 */
final class TrainingScalars {
    static final String PHASE = "training";
    static final String LOSS = "loss";
    static final String LEARNING_RATE = "learning_rate";
    static final String SECONDS_PER_BATCH = "seconds_per_batch";

    private static final double NANOS_PER_SECOND = 1e9;

    private final int round;
    private final Participant participant;
    private final int interval;
    private final long total;
    private final LongSupplier nanoClock;
    private final Consumer<Scalar> told;
    private long since;
    private long countedFrom;

    /**
     * @param interval batches from one loss to the next
     * @param total batches that there will be
     */
    TrainingScalars(
            int round,
            Participant participant,
            int interval,
            long total,
            LongSupplier nanoClock,
            Consumer<Scalar> told) {
        this.round = round;
        this.participant = participant;
        this.interval = interval;
        this.total = total;
        this.nanoClock = nanoClock;
        this.told = told;
        this.since = nanoClock.getAsLong();
    }

    /** @param done batches by now */
    void after(long done, double loss, Engine engine) {
        boolean last = done == total;
        if (done % interval != 0 && !last) {
            return;
        }
        tell(LOSS, done, loss);
        double seconds = (nanoClock.getAsLong() - since) / NANOS_PER_SECOND;
        if (seconds >= 1 || last) {
            engine.learningRate().ifPresent(rate -> tell(LEARNING_RATE, done, rate));
            tell(SECONDS_PER_BATCH, done, seconds / (done - countedFrom));
            since = nanoClock.getAsLong();
            countedFrom = done;
        }
    }

    private void tell(String name, long done, double value) {
        told.accept(new Scalar(round, participant, PHASE, name, done, total, value));
    }
}
