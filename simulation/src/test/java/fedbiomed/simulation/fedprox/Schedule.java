package fedbiomed.simulation.fedprox;

import fedbiomed.data.SplitMix64;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Whom each round asks, and who of them does not get done: the same for all methods, as in the paper.
 *
 * @param stragglers their share of those asked
 */
record Schedule(long seed, double stragglers) {
    static final int EPOCHS = 20;
    static final int ASKED = 10;

    /** Epochs by device in a round, from 1; a straggler has any number from 1 to all with the same probability. */
    SequencedMap<Integer, Integer> epochs(int round) {
        var random = new SplittableRandom(SplitMix64.mixed(seed, round));
        var devices =
                new ArrayList<>(IntStream.range(0, Synthetic.DEVICES).boxed().toList());
        Collections.shuffle(devices, random);
        var asked = devices.subList(0, ASKED);
        int done = (int) Math.round(ASKED * (1 - stragglers));
        var epochs = new LinkedHashMap<Integer, Integer>();
        for (int i = 0; i < ASKED; i++) {
            epochs.put(asked.get(i), i < done ? EPOCHS : 1 + random.nextInt(EPOCHS));
        }
        return epochs;
    }

    /** Of them those who get done: whom FedAvg waits for. */
    SequencedMap<Integer, Integer> withoutStragglers(int round) {
        var epochs = epochs(round);
        int done = (int) Math.round(ASKED * (1 - stragglers));
        var kept = new LinkedHashMap<Integer, Integer>();
        epochs.forEach((device, count) -> {
            if (kept.size() < done) {
                kept.put(device, count);
            }
        });
        return kept;
    }
}
