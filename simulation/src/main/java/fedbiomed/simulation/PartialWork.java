package fedbiomed.simulation;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.random.RandomGenerator;

/**
 * How much of its training a straggler gets done by the time that counts, as FedProx's authors simulate unlike systems (Li
 * et al., MLSys 2020, section 5.2).
 */
@FunctionalInterface
public interface PartialWork {
    /**
     * So much gets done.
     *
     * @param asked epochs; updates where the training arguments give {@code num_updates}
     * @param random drawn from the federation's seed, the node's name and the round
     * @return 1 to {@code asked}
     */
    int of(int asked, int round, RandomGenerator random);

    /** Any number from 1 to all, each with the same probability. */
    static PartialWork uniform() {
        return (asked, _, random) -> 1 + random.nextInt(asked);
    }

    /** The arguments of a training that gets so far. @throws FedbiomedException for another number than 1 to all */
    default TrainingArgs shortened(TrainingArgs arguments, int round, RandomGenerator random) {
        var shortened = arguments.toBuilder();
        var epochs = arguments.epochs();
        if (epochs != null) {
            shortened.epochs(done(epochs, round, random));
        }
        var updates = arguments.numUpdates();
        if (updates != null) {
            shortened.numUpdates(done(updates, round, random));
        }
        return shortened.build();
    }

    private int done(int asked, int round, RandomGenerator random) {
        int done = of(asked, round, random);
        if (done < 1 || done > asked) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the simulated node's partial work must be 1 to " + asked + " (all that is asked), not " + done);
        }
        return done;
    }
}
