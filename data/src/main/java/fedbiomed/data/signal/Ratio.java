package fedbiomed.data.signal;

import org.jspecify.annotations.Nullable;

/** A ratio of two rates in lowest terms: {@code up} samples come for every {@code down}. */
record Ratio(int up, int down) {
    /** The filter has twenty times as many taps: 16 MB. */
    static final int MAX_TERM = 100_000;

    /** Rates from a header are decimals: within this they are meant to be the ratio. */
    private static final double TOLERANCE = 1e-9;

    /** By continued fractions; {@code null} if it is no ratio of whole numbers up to {@link #MAX_TERM}. */
    static @Nullable Ratio of(double to, double from) {
        double wanted = to / from;
        double rest = wanted;
        long up = 1;
        long upBefore = 0;
        long down = 0;
        long downBefore = 1;
        // each step at least doubles the denominator every other time: more are never needed
        for (int step = 0; step < 64; step++) {
            double whole = Math.floor(rest);
            if (!(whole <= MAX_TERM)) {
                return null;
            }
            long nextUp = (long) whole * up + upBefore;
            long nextDown = (long) whole * down + downBefore;
            if (nextUp > MAX_TERM || nextDown > MAX_TERM) {
                return null;
            }
            upBefore = up;
            downBefore = down;
            up = nextUp;
            down = nextDown;
            if (up > 0 && Math.abs((double) up / down - wanted) <= TOLERANCE * wanted) {
                return new Ratio((int) up, (int) down);
            }
            rest = 1 / (rest - whole);
        }
        return null;
    }

    boolean isOne() {
        return up == down;
    }
}
