package fedbiomed.data;

/**
 * The generator SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators"; constants of
 * Vigna's public-domain splitmix64.c). Written out, so that what is drawn is the same on every JVM and in any other
 * language. One thread uses it.
 */
public final class SplitMix64 {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SplitMix64(long seed) {
        state = seed;
    }

    /** One number of several, every part of which counts. */
    public static long mixed(long seed, long... parts) {
        long mixed = seed;
        for (long part : parts) {
            mixed = new SplitMix64(new SplitMix64(mixed).next() + part).next();
        }
        return mixed;
    }

    public long next() {
        state += GAMMA;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 to {@code bound - 1}: the upper half of the 128-bit product; its bias is below 2^-32. */
    public int next(int bound) {
        return (int) Math.unsignedMultiplyHigh(next(), bound);
    }

    /** At least 0 and less than 1: the upper 53 bits. */
    public double nextDouble() {
        return (next() >>> 11) * 0x1p-53;
    }

    /** Of the standard normal distribution, by the polar method (Marsaglia and Bray 1964). */
    public double nextGaussian() {
        while (true) {
            double x = 2 * nextDouble() - 1;
            double y = 2 * nextDouble() - 1;
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                return x * Math.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }
}
