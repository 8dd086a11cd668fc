package fedbiomed.parameters;

import java.lang.foreign.MemorySegment;

/**
 * Floating elements of any dtype as binary64 arrays and back, a chunk at a time. Copying to an array first lets the
 * compiler vectorise what follows. One thread's own.
 */
public final class Elements {
    /** Most elements at a time. */
    public static final int MAX = Chunk.MAX_ELEMENTS;

    /** As long as was needed so far: most models are computed with in one dtype, and small ones by the thousand. */
    private float[] floats = {};

    private double[] doubles = {};
    private short[] halves = {};

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
            case F16 -> {
                var read = halves(n);
                var values = floats(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    values[i] = Float.float16ToFloat(read[i]);
                }
                add(sums, values, n, weight);
            }
            case BF16 -> {
                var read = halves(n);
                var values = floats(n);
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, read, 0, n);
                for (int i = 0; i < n; i++) {
                    values[i] = BFloat16.toFloat(read[i]);
                }
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
                var read = doubles(n);
                MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, read, 0, n);
                yield allFinite(read, n);
            }
            case F32 -> {
                var read = floats(n);
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, read, 0, n);
                yield allFinite(read, n);
            }
            case F16 -> exponentsBelow(data, from, n, 0x7C00);
            case BF16 -> exponentsBelow(data, from, n, 0x7F80);
            default -> true;
        };
    }

    private static boolean allFinite(double[] values, int n) {
        for (int i = 0; i < n; i++) {
            if (!Double.isFinite(values[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean allFinite(float[] values, int n) {
        for (int i = 0; i < n; i++) {
            if (!Float.isFinite(values[i])) {
                return false;
            }
        }
        return true;
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
