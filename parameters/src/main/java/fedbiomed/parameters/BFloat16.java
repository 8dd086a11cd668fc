package fedbiomed.parameters;

/** bfloat16: the sign, the exponent and the upper 7 bits of the fraction of a binary32. */
final class BFloat16 {
    private static final int DROPPED_BITS = 16;
    /** Added before cutting: just under half of the last kept bit; the kept bit itself decides a tie (to even). */
    private static final int ALMOST_HALF = 0x7FFF;

    private static final short QUIET_NAN = 0x7FC0;

    private BFloat16() {}

    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << DROPPED_BITS);
    }

    /** Rounds to nearest, ties to even, as PyTorch does; every NaN becomes the one quiet NaN. */
    static short fromFloat(float value) {
        if (Float.isNaN(value)) {
            return QUIET_NAN;
        }
        int bits = Float.floatToRawIntBits(value);
        int lastKept = (bits >>> DROPPED_BITS) & 1;
        return (short) ((bits + ALMOST_HALF + lastKept) >>> DROPPED_BITS);
    }
}
