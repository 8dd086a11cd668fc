package fedbiomed.data;

import java.util.Arrays;

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
     * @param testRatio 0 to less than 1
     */
    public static Split of(int rows, double testRatio, long seed) {
        if (rows < 0 || !(testRatio >= 0 && testRatio < 1)) {
            throw new IllegalArgumentException(
                    "a split needs rows >= 0 and a test ratio of at least 0 and less than 1, not " + rows + " and "
                            + testRatio);
        }
        var order = new int[rows];
        Arrays.setAll(order, i -> i);
        var random = new SplitMix64(seed);
        int held = (int) heldOut(rows, testRatio);
        for (int i = 0; i < held; i++) {
            int other = i + random.next(rows - i);
            int drawn = order[other];
            order[other] = order[i];
            order[i] = drawn;
        }
        Arrays.sort(order, 0, held);
        Arrays.sort(order, held, rows);
        return new Split(Arrays.copyOfRange(order, held, rows), Arrays.copyOf(order, held));
    }
}
