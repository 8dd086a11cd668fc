package fedbiomed.parameters;

import java.util.Arrays;

/**
 * Finds the k largest magnitudes of many numbers in two passes over them and a third that takes them, in constant memory:
 * by counts of the upper, then of the lower bits of their binary32. Of those that equal the smallest one taken, the first.
 */
final class LargestMagnitudes {
    static final int PASSES = 2;

    private static final int LOWER_BITS = 15;
    private static final int LOWER_MASK = (1 << LOWER_BITS) - 1;
    /** A binary32 without its sign has 31. */
    private static final int UPPER_BITS = 16;

    private final long[] counts = new long[1 << UPPER_BITS];
    /** How many are still to be found among those that are as large as what is known of the threshold. */
    private long wanted;

    private int upper;
    private int threshold;

    LargestMagnitudes(long k) {
        this.wanted = k;
    }

    private static int key(double value) {
        return Float.floatToRawIntBits((float) Math.abs(value));
    }

    void count(int pass, double[] values, int n) {
        for (int i = 0; i < n; i++) {
            int key = key(values[i]);
            if (pass == 0) {
                counts[key >>> LOWER_BITS]++;
            } else if (key >>> LOWER_BITS == upper) {
                counts[key & LOWER_MASK]++;
            }
        }
    }

    /** All numbers have been counted in this pass. */
    void counted(int pass) {
        int bucket = pass == 0 ? counts.length - 1 : LOWER_MASK;
        while (bucket > 0 && counts[bucket] < wanted) {
            wanted -= counts[bucket--];
        }
        if (pass == 0) {
            upper = bucket;
            Arrays.fill(counts, 0);
        } else {
            threshold = upper << LOWER_BITS | bucket;
        }
    }

    /** To be asked of each number once, in order. */
    boolean takes(double value) {
        int key = key(value);
        return key > threshold || (key == threshold && wanted-- > 0);
    }
}
