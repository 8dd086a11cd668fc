package fedbiomed.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;

/**
 * Which rows train and which are held out; row numbers from 0, ascending, every row in exactly one of the two.
 *
 * @param train rows to train on
 * @param test rows held out
 */
@SuppressWarnings("ArrayRecordComponent") // millions of row numbers: arrays, by design, compared by nobody
public record Split(int[] train, int[] test) {
    /** How many of {@code rows} a test ratio of at least 0 and less than 1 holds out; halves up. */
    public static long heldOut(long rows, double testRatio) {
        return Math.round(rows * testRatio);
    }

    /**
     * Holds out {@link #heldOut} rows: the first of a Fisher-Yates shuffle of
     * {@code 0..rows-1} drawn from SplitMix64({@code seed}), so the same on every machine.
     *
     * @param testRatio 0 to 1
     */
    public static Split of(int rows, double testRatio, long seed) {
        if (rows < 0) {
            throw new IllegalArgumentException("a split needs rows >= 0, not " + rows);
        }
        return of(Groups.single(rows), new int[rows], testRatio, seed);
    }

    /**
     * Holds out {@link #heldOut} of the groups, each with all of its rows. Every class has its share: as many groups as
     * {@code testRatio} of them, rounded down, and one more for those of the largest remainders (of two alike the lower
     * class). Which groups of a class, a Fisher-Yates shuffle says, drawn for one class after the other from
     * SplitMix64({@code seed}). A group is of the class that most of its rows have.
     *
     * @param classes of each row, from 0; all 0 for a split that heeds none
     * @param testRatio 0 to 1
     */
    public static Split of(Groups groups, int[] classes, double testRatio, long seed) {
        if (!(testRatio >= 0 && testRatio <= 1)) {
            throw new IllegalArgumentException("a split needs a test ratio of 0 to 1, not " + testRatio);
        }
        var held = new BitSet(groups.count());
        var random = new SplitMix64(seed);
        var byClass = byClass(groups.classes(classes));
        var share = shares(byClass, groups.count(), testRatio);
        for (int c = 0; c < byClass.length; c++) {
            draw(byClass[c], share[c], random, held);
        }
        return of(groups.ofRow(), held);
    }

    private static Split of(int[] ofRow, BitSet held) {
        int tested = 0;
        for (int group : ofRow) {
            tested += held.get(group) ? 1 : 0;
        }
        var train = new int[ofRow.length - tested];
        var test = new int[tested];
        int trains = 0;
        int tests = 0;
        for (int row = 0; row < ofRow.length; row++) {
            if (held.get(ofRow[row])) {
                test[tests++] = row;
            } else {
                train[trains++] = row;
            }
        }
        return new Split(train, test);
    }

    /** The groups of each class, ascending. */
    private static int[][] byClass(int[] classes) {
        var counts = new int[Arrays.stream(classes).max().orElse(-1) + 1];
        for (int one : classes) {
            counts[one]++;
        }
        var byClass = new int[counts.length][];
        Arrays.setAll(byClass, c -> new int[counts[c]]);
        for (int group = classes.length - 1; group >= 0; group--) {
            byClass[classes[group]][--counts[classes[group]]] = group;
        }
        return byClass;
    }

    private static int[] shares(int[][] byClass, int groups, double testRatio) {
        var shares = new int[byClass.length];
        var byRemainder = new ArrayList<Integer>();
        long left = heldOut(groups, testRatio);
        for (int c = 0; c < shares.length; c++) {
            shares[c] = (int) (byClass[c].length * testRatio);
            left -= shares[c];
            byRemainder.add(c);
        }
        byRemainder.sort(Comparator.comparingDouble(c -> shares[c] - byClass[c].length * testRatio));
        for (int i = 0; i < left; i++) {
            shares[byRemainder.get(i)]++;
        }
        return shares;
    }

    private static void draw(int[] groups, int count, SplitMix64 random, BitSet held) {
        for (int i = 0; i < count; i++) {
            int other = i + random.next(groups.length - i);
            int drawn = groups[other];
            groups[other] = groups[i];
            groups[i] = drawn;
            held.set(drawn);
        }
    }
}
