package fedbiomed.parameters;

import java.lang.foreign.MemorySegment;

/**
 * Floating elements of any dtype as binary64 arrays and back, a chunk at a time. Copying to an array first lets the
 * compiler vectorise what follows. One thread's own.
 */
public final class Elements {
    /** Most elements at a time. */
    public static final int MAX = Chunk.MAX_ELEMENTS;

    private static final int INFINITE_F32 = 0x7F80_0000;
    private static final long INFINITE_F64 = 0x7FF0_0000_0000_0000L;

    /** As long as was needed so far: most models are computed with in one dtype, and small ones by the thousand. */
    private float[] floats = {};

    private double[] doubles = {};
    private short[] halves = {};
    private int[] ints = {};
    private long[] longs = {};

    private int[] ints(int n) {
        if (ints.length < n) {
            ints = new int[n];
        }
        return ints;
    }

    private long[] longs(int n) {
        if (longs.length < n) {
            longs = new long[n];
        }
        return longs;
    }

    private float[] floats(int n) {
        if (floats.length < n) {
            floats = new float[n];
        }
        return floats;
    }

    private double[] doubles(int n) {
        if (doubles.length < n) {
            doubles = new double[n];
        }
        return doubles;
    }

    private short[] halves(int n) {
        if (halves.length < n) {
            halves = new short[n];
        }
        return halves;
    }

    /** {@code into[i] = element[from + i]} for {@code n} elements, at most {@link #MAX}, of a floating dtype. */
    public void load(MemorySegment data, DType dtype, long from, int n, double[] into) {
        switch (dtype) {
            case F64 -> MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, into, 0, n);
            case F32 -> {
                var read = floats(n);
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, read, 0, n);
                widen(read, n, into);
            }
            case F16 -> {
                var read = halves(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = Float.float16ToFloat(read[i]);
                }
            }
            case BF16 -> {
                var read = halves(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = BFloat16.toFloat(read[i]);
                }
            }
            default -> throw new IllegalArgumentException(dtype + " is not a floating dtype");
        }
    }

    /** The same in binary32, which holds elements of F32, F16 and BF16. */
    void load(Tensor tensor, long from, int n, float[] into) {
        var data = tensor.data();
        switch (tensor.dtype()) {
            case F32 -> MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, into, 0, n);
            case F16 -> {
                var read = halves(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = Float.float16ToFloat(read[i]);
                }
            }
            case BF16 -> {
                var read = halves(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = BFloat16.toFloat(read[i]);
                }
            }
            default -> throw new IllegalArgumentException(tensor.dtype() + " does not fit binary32");
        }
    }

    private static void widen(float[] values, int n, double[] into) {
        for (int i = 0; i < n; i++) {
            into[i] = values[i];
        }
    }

    /** {@code sums[i] += weight * element[from + i]} for {@code n} elements. */
    void addTo(double[] sums, Tensor tensor, long from, int n, double weight) {
        var data = tensor.data();
        switch (tensor.dtype()) {
            case F64 -> {
                var read = doubles(n);
                MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, read, 0, n);
                add(sums, read, n, weight);
            }
            case F32 -> {
                var read = floats(n);
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, read, 0, n);
                add(sums, read, n, weight);
            }
            case F16, BF16 -> {
                var values = floats(n);
                load(tensor, from, n, values);
                add(sums, values, n, weight);
            }
            default -> throw new IllegalArgumentException(tensor.dtype() + " is not a floating dtype");
        }
    }

    private static void add(double[] sums, double[] values, int n, double weight) {
        for (int i = 0; i < n; i++) {
            sums[i] += weight * values[i];
        }
    }

    private static void add(double[] sums, float[] values, int n, double weight) {
        for (int i = 0; i < n; i++) {
            sums[i] += weight * values[i];
        }
    }

    /**
     * Writes {@code n} values at the beginning of {@code target}, rounded to the dtype (F16 and BF16 by way of F32).
     *
     * @return the part of {@code target} that was written
     */
    public MemorySegment store(double[] values, int n, DType dtype, MemorySegment target) {
        switch (dtype) {
            case F64 -> MemorySegment.copy(values, 0, target, Layouts.F64, 0, n);
            case F32 -> {
                var rounded = floats(n);
                for (int i = 0; i < n; i++) {
                    rounded[i] = (float) values[i];
                }
                MemorySegment.copy(rounded, 0, target, Layouts.F32, 0, n);
            }
            case F16 -> {
                var rounded = halves(n);
                for (int i = 0; i < n; i++) {
                    rounded[i] = Float.floatToFloat16((float) values[i]);
                }
                MemorySegment.copy(rounded, 0, target, Layouts.I16, 0, n);
            }
            case BF16 -> {
                var rounded = halves(n);
                for (int i = 0; i < n; i++) {
                    rounded[i] = BFloat16.fromFloat((float) values[i]);
                }
                MemorySegment.copy(rounded, 0, target, Layouts.I16, 0, n);
            }
            default -> throw new IllegalArgumentException(dtype + " is not a floating dtype");
        }
        return target.asSlice(0, (long) n * dtype.bytes());
    }

    /** Whether {@code n} elements from {@code from} are neither NaN nor infinite; true of an integer dtype. */
    boolean allFinite(Tensor tensor, long from, int n) {
        var data = tensor.data();
        return switch (tensor.dtype()) {
            case F64 -> {
                var bits = longs(n);
                MemorySegment.copy(data, Layouts.I64, from * Long.BYTES, bits, 0, n);
                yield greatest(bits, n) < INFINITE_F64;
            }
            case F32 -> {
                var bits = ints(n);
                MemorySegment.copy(data, Layouts.I32, from * Integer.BYTES, bits, 0, n);
                yield greatest(bits, n) < INFINITE_F32;
            }
            case F16 -> exponentsBelow(data, from, n, 0x7C00);
            case BF16 -> exponentsBelow(data, from, n, 0x7F80);
            default -> true;
        };
    }

    /** Without the sign; of a NaN or an infinity at least {@link #INFINITE_F32}. Without a branch, it is vectorised. */
    private static int greatest(int[] bits, int n) {
        int greatest = 0;
        for (int i = 0; i < n; i++) {
            greatest = Math.max(greatest, bits[i] & Integer.MAX_VALUE);
        }
        return greatest;
    }

    private static long greatest(long[] bits, int n) {
        long greatest = 0;
        for (int i = 0; i < n; i++) {
            greatest = Math.max(greatest, bits[i] & Long.MAX_VALUE);
        }
        return greatest;
    }

    /** Whether none of the first {@code n} is NaN or infinite. */
    static boolean allFinite(double[] values, int n) {
        // zero times a NaN or an infinity is NaN, and so is a sum with it; of several sums none waits for another
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            a += 0 * values[i];
            b += 0 * values[i + 1];
            c += 0 * values[i + 2];
            d += 0 * values[i + 3];
        }
        for (; i < n; i++) {
            a += 0 * values[i];
        }
        return a + b + c + d == 0;
    }

    /** A NaN or an infinity has all bits of its exponent set. */
    private boolean exponentsBelow(MemorySegment data, long from, int n, int exponentMask) {
        var read = halves(n);
        MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
        for (int i = 0; i < n; i++) {
            if ((read[i] & exponentMask) == exponentMask) {
                return false;
            }
        }
        return true;
    }
}
