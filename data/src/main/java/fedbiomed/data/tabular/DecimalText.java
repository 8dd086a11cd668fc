package fedbiomed.data.tabular;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A number's ASCII text to the binary64 that is nearest to it (ties to even), to the last bit as
 * {@link Double#parseDouble}: by exact arithmetic where digits and exponent are small, else by one multiplication of 64
 * by 128 bits (D. Lemire, Number Parsing at a Gigabyte per Second, Software: Practice and Experience 51 (8), 2021, with
 * M. Eisel's algorithm); where that cannot tell, by {@link Double#parseDouble} itself. The syntax is
 * {@link ValueSyntax}'s. For one thread.
 */
final class DecimalText {
    private static final int SMALLEST = -342;
    private static final int LARGEST = 308;
    /** Of each power of ten from {@link #SMALLEST}: its 128 leading bits, of negative powers rounded up. */
    private static final long[] HIGH = new long[LARGEST - SMALLEST + 1];

    private static final long[] LOW = new long[LARGEST - SMALLEST + 1];

    private static final double[] EXACT = new double[23];
    private static final int MAX_DIGITS = 19;
    private static final int MAX_EXPONENT = 100_000;
    private static final int FRACTION_BITS = 52;
    private static final int BIAS = 1023;
    private static final int INFINITE_EXPONENT = 0x7FF;

    static {
        for (int power = SMALLEST; power <= LARGEST; power++) {
            var bits = leadingBits(power);
            HIGH[power - SMALLEST] = bits.shiftRight(64).longValue();
            LOW[power - SMALLEST] = bits.longValue();
        }
        for (int i = 0; i < EXACT.length; i++) {
            EXACT[i] = Double.parseDouble("1e" + i);
        }
    }

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long UPPER_HALVES = 0xF0F0F0F0F0F0F0F0L;
    private static final long SIXES = 0x0606060606060606L;
    private static final long ALL_DIGITS = 0x3333333333333333L;

    private long digits;
    private double value;
    private boolean whole;
    private boolean large;

    /** A power of ten is a power of five, shifted. */
    private static BigInteger leadingBits(int power) {
        var five = BigInteger.valueOf(5).pow(Math.abs(power));
        if (power >= 0) {
            int shift = 128 - five.bitLength();
            return shift >= 0 ? five.shiftLeft(shift) : five.shiftRight(-shift);
        }
        var quotient = BigInteger.ONE
                .shiftLeft(five.bitLength() * 2 + 128)
                .divide(five)
                .add(BigInteger.ONE);
        return quotient.shiftRight(quotient.bitLength() - 128);
    }

    /** Of the text that was read last. */
    double value() {
        return value;
    }

    /** Whether it is a whole number of more than 18 digits, which may or may not fit 64 bits. */
    boolean large() {
        return large;
    }

    /** Whether it had neither point nor exponent. */
    boolean whole() {
        return whole;
    }

    /** @return whether bytes {@code from} to {@code to - 1} are a finite number, and all of them */
    boolean read(byte[] text, int from, int to) {
        return prefix(text, from, to) == to && Double.isFinite(value);
    }

    /**
     * Reads the longest number that begins at {@code from}; it may be infinite.
     *
     * @return after its last byte; -1 if none begins there
     */
    int prefix(byte[] text, int from, int to) {
        int at = from;
        boolean negative = at < to && text[at] == '-';
        at += negative || at < to && text[at] == '+' ? 1 : 0;
        int begin = at;
        digits = 0;
        at = digits(text, at, to);
        int count = at - begin;
        int exponent = 0;
        whole = true;
        if (at < to && text[at] == '.') {
            whole = false;
            int point = ++at;
            at = digits(text, at, to);
            exponent = point - at;
            count += at - point;
        }
        if (count == 0) {
            return -1;
        }
        if (at < to && (text[at] | 0x20) == 'e') {
            whole = false;
            at++;
            boolean down = at < to && text[at] == '-';
            at += down || at < to && text[at] == '+' ? 1 : 0;
            int written = 0;
            int first = at;
            while (at < to && isDigit(text[at])) {
                written = Math.min(MAX_EXPONENT, 10 * written + text[at++] - '0');
            }
            if (at == first) {
                return -1;
            }
            exponent += down ? -written : written;
        }
        large = whole && count >= MAX_DIGITS;
        double magnitude = count <= MAX_DIGITS ? nearest(digits, exponent) : Double.NaN;
        value = Double.isNaN(magnitude)
                ? Double.parseDouble(new String(text, from, at - from, StandardCharsets.US_ASCII))
                : negative ? -magnitude : magnitude;
        return at;
    }

    /** Appends a run of digits to {@link #digits}, eight at a time as far as there are; returns where it ends. */
    private int digits(byte[] text, int from, int to) {
        int at = from;
        long read = digits;
        while (to - at >= Long.BYTES) {
            long eight = (long) EIGHT.get(text, at);
            // of a digit's byte the upper half is 3, also after 6 is added
            if ((eight & UPPER_HALVES | (eight + SIXES & UPPER_HALVES) >>> 4) != ALL_DIGITS) {
                break;
            }
            // neighbours first, then pairs, then fours: the first digit is in the lowest byte
            eight = (eight & 0x0F0F0F0F0F0F0F0FL) * 2561 >>> 8;
            eight = (eight & 0x00FF00FF00FF00FFL) * 6553601 >>> 16;
            read = 100_000_000 * read + ((eight & 0x0000FFFF0000FFFFL) * 42949672960001L >>> 32);
            at += Long.BYTES;
        }
        while (at < to && isDigit(text[at])) {
            read = 10 * read + text[at++] - '0';
        }
        digits = read;
        return at;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** {@code digits} (unsigned) times ten to the {@code power}; NaN where that takes more than one multiplication. */
    private static double nearest(long digits, int power) {
        if (digits >= 0 && digits <= 1L << 53 && power >= -22 && power <= 22) {
            return power < 0 ? digits / EXACT[-power] : digits * EXACT[power];
        }
        if (digits == 0) {
            return 0;
        }
        if (power < SMALLEST || power > LARGEST) {
            return Double.NaN;
        }
        int zeros = Long.numberOfLeadingZeros(digits);
        long shifted = digits << zeros;
        long high = Math.unsignedMultiplyHigh(shifted, HIGH[power - SMALLEST]);
        long low = shifted * HIGH[power - SMALLEST];
        if ((high & 0x1FF) == 0x1FF) {
            long carry = Math.unsignedMultiplyHigh(shifted, LOW[power - SMALLEST]);
            low += carry;
            high += Long.compareUnsigned(carry, low) > 0 ? 1 : 0;
        }
        if (low == -1 && (power < -27 || power > 55)) {
            return Double.NaN;
        }
        return rounded(high, low, power, zeros);
    }

    private static double rounded(long high, long low, int power, int zeros) {
        int top = (int) (high >>> 63);
        int shift = top + 64 - FRACTION_BITS - 3;
        long fraction = high >>> shift;
        int exponent = ((217706 * power) >> 16) + 63 + top - zeros + BIAS;
        if (exponent <= 0 || exponent >= INFINITE_EXPONENT - 1) {
            return Double.NaN;
        }
        boolean halfway = Long.compareUnsigned(low, 1) <= 0 && power >= -4 && power <= 23 && (fraction & 3) == 1;
        if (halfway && fraction << shift == high) {
            fraction &= ~1L;
        }
        fraction = (fraction + (fraction & 1)) >>> 1;
        if (fraction >= 2L << FRACTION_BITS) {
            fraction = 1L << FRACTION_BITS;
            exponent++;
        }
        return Double.longBitsToDouble((long) exponent << FRACTION_BITS | fraction & ~(1L << FRACTION_BITS));
    }
}
