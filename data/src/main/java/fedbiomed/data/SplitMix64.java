package fedbiomed.data;

/**
 * The generator SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"; constants of
 * Vigna's public-domain splitmix64.c). Written out, so that a split is the same on every JVM and in any other language.
 */
final class SplitMix64 {
    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    long next() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to {@code bound - 1}: the upper half of the 128-bit product; its bias is below 2^-32. */
    int next(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }
}
