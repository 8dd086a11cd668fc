package fedbiomed.parameters;

import java.lang.foreign.MemorySegment;

/**
 * Floating elements of any dtype as binary64 arrays and back, a chunk at a time. Copying to an array first lets the
 * compiler vectorise what follows. One thread's own.
 */
public final class Elements {
    /** Most elements at a time. */
    public static final int MAX = Chunk.MAX_ELEMENTS;

    private final float[] floats = new float[Chunk.MAX_ELEMENTS];
    private final double[] doubles = new double[Chunk.MAX_ELEMENTS];
    private final short[] halves = new short[Chunk.MAX_ELEMENTS];

    /** {@code into[i] = element[from + i]} for {@code n} elements, at most {@link #MAX}, of a floating dtype. */
    public void load(MemorySegment data, DType dtype, long from, int n, double[] into) {
        switch (dtype) {
            case F64 -> MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, into, 0, n);
            case F32 -> {
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, floats, 0, n);
                widen(n, into);
            }
            case F16 -> {
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, halves, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = Float.float16ToFloat(halves[i]);
                }
            }
            case BF16 -> {
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, halves, 0, n);
                for (int i = 0; i < n; i++) {
                    into[i] = BFloat16.toFloat(halves[i]);
                }
            }
            default -> throw new IllegalArgumentException(dtype + " is not a floating dtype");
        }
    }

    private void widen(int n, double[] into) {
        for (int i = 0; i < n; i++) {
            into[i] = floats[i];
        }
    }

    /** {@code sums[i] += weight * element[from + i]} for {@code n} elements. */
    void addTo(double[] sums, Tensor tensor, long from, int n, double weight) {
        var data = tensor.data();
        switch (tensor.dtype()) {
            case F64 -> {
                MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, doubles, 0, n);
                add(sums, doubles, n, weight);
            }
            case F32 -> {
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, floats, 0, n);
                add(sums, floats, n, weight);
            }
            case F16 -> {
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, halves, 0, n);
                for (int i = 0; i < n; i++) {
                    floats[i] = Float.float16ToFloat(halves[i]);
                }
                add(sums, floats, n, weight);
            }
            case BF16 -> {
                MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, halves, 0, n);
                for (int i = 0; i < n; i++) {
                    floats[i] = BFloat16.toFloat(halves[i]);
                }
                add(sums, floats, n, weight);
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
                for (int i = 0; i < n; i++) {
                    floats[i] = (float) values[i];
                }
                MemorySegment.copy(floats, 0, target, Layouts.F32, 0, n);
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    halves[i] = Float.floatToFloat16((float) values[i]);
                }
                MemorySegment.copy(halves, 0, target, Layouts.I16, 0, n);
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    halves[i] = BFloat16.fromFloat((float) values[i]);
                }
                MemorySegment.copy(halves, 0, target, Layouts.I16, 0, n);
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
                MemorySegment.copy(data, Layouts.F64, from * Double.BYTES, doubles, 0, n);
                yield allFinite(doubles, n);
            }
            case F32 -> {
                MemorySegment.copy(data, Layouts.F32, from * Float.BYTES, floats, 0, n);
                yield allFinite(floats, n);
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
        MemorySegment.copy(data, Layouts.I16, from * Short.BYTES, halves, 0, n);
        for (int i = 0; i < n; i++) {
            if ((halves[i] & exponentMask) == exponentMask) {
                return false;
            }
        }
        return true;
    }
}
