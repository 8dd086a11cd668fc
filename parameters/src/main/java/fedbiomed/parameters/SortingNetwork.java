package fedbiomed.parameters;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which places are compared and put in order, one pair after another, so that the places that are wanted hold what a sort
 * would put there, whatever the values: Batcher's odd-even merge sort ("Sorting Networks and Their Applications", AFIPS
 * 1968) for any number of places, without the pairs that the wanted ones do not depend on. Data decide nothing, so that a
 * thousand columns are sorted at once by the processor's vector instructions.
 */
final class SortingNetwork {
    private SortingNetwork() {}

    /** A pair: the lesser goes to {@code low}, the greater to {@code high}. */
    record Pair(int low, int high) {}

    /**
     * @param places how many values are sorted
     * @param from the first place that is wanted
     * @param to the one after the last
     */
    static List<Pair> of(int places, int from, int to) {
        var all = all(places);
        var needed = new boolean[places];
        Arrays.fill(needed, from, to, true);
        var kept = new ArrayList<Pair>();
        for (var pair : all.reversed()) {
            if (needed[pair.low()] || needed[pair.high()]) {
                needed[pair.low()] = true;
                needed[pair.high()] = true;
                kept.add(pair);
            }
        }
        Collections.reverse(kept);
        return List.copyOf(kept);
    }

    /** Knuth, "The Art of Computer Programming" 3, section 5.2.2, algorithm M: exact for any number, not only powers of 2. */
    private static List<Pair> all(int places) {
        var pairs = new ArrayList<Pair>();
        int top = Integer.highestOneBit(Math.max(1, places - 1));
        for (int p = top; p > 0; p /= 2) {
            int q = top;
            int r = 0;
            for (int d = p; d > 0; ) {
                for (int i = 0; i < places - d; i++) {
                    if ((i & p) == r) {
                        pairs.add(new Pair(i, i + d));
                    }
                }
                d = q - p;
                q /= 2;
                r = p;
            }
        }
        return pairs;
    }
}
