package fedbiomed.parameters;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A read-only view of an n-dimensional array: dtype, shape and its elements in row-major order, little-endian, in a
 * memory segment (off the heap, or a part of a mapped file, which must stay open while the tensor is used). A shape of
 * rank 0 is a scalar.
 */
public final class Tensor {
    /** PyTorch's own models have rank 5 at most (3-D convolutions); the bound keeps a hostile shape small. */
    public static final int MAX_RANK = 8;

    private final DType dtype;
    private final long[] shape;
    private final long elements;
    private final MemorySegment data;

    private Tensor(DType dtype, long[] shape, long elements, MemorySegment data) {
        this.dtype = dtype;
        this.shape = shape;
        this.elements = elements;
        this.data = data;
    }

    /**
     * A view of {@code data}, which the caller no longer writes to.
     *
     * @throws IllegalArgumentException if the segment's size is not the shape's product times the dtype's size
     */
    public static Tensor of(DType dtype, long[] shape, MemorySegment data) {
        long elements = elements(shape);
        if (Math.multiplyExact(elements, dtype.bytes()) != data.byteSize()) {
            throw new IllegalArgumentException("a tensor " + dtype + Arrays.toString(shape) + " takes "
                    + elements * dtype.bytes() + " bytes, not " + data.byteSize());
        }
        return new Tensor(dtype, shape.clone(), elements, data.asReadOnly());
    }

    /** F32, copied. */
    public static Tensor ofFloats(float[] values, long... shape) {
        var data = allocate(values.length, DType.F32);
        MemorySegment.copy(values, 0, data, Layouts.F32, 0, values.length);
        return of(DType.F32, shape, data);
    }

    /** F64, copied. */
    public static Tensor ofDoubles(double[] values, long... shape) {
        var data = allocate(values.length, DType.F64);
        MemorySegment.copy(values, 0, data, Layouts.F64, 0, values.length);
        return of(DType.F64, shape, data);
    }

    /** I64, copied. */
    public static Tensor ofLongs(long[] values, long... shape) {
        var data = allocate(values.length, DType.I64);
        MemorySegment.copy(values, 0, data, Layouts.I64, 0, values.length);
        return of(DType.I64, shape, data);
    }

    private static MemorySegment allocate(long elements, DType dtype) {
        return Arena.ofAuto().allocate(elements * dtype.bytes(), Double.BYTES);
    }

    /**
     * The product of a shape's dimensions, 1 for a scalar.
     *
     * @throws IllegalArgumentException if the rank is over {@link #MAX_RANK}, a dimension is negative, or the product
     *     does not fit 64 bits
     */
    static long elements(long[] shape) {
        if (shape.length > MAX_RANK) {
            throw new IllegalArgumentException("a tensor's rank is at most " + MAX_RANK + ", not " + shape.length);
        }
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has a negative dimension");
            }
            if (Math.multiplyHigh(product, dimension) != 0 || product * dimension < 0) {
                throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " has over 2^63 elements");
            }
            product *= dimension;
        }
        return product;
    }

    public DType dtype() {
        return dtype;
    }

    /** A copy of the dimensions. */
    public long[] shape() {
        return shape.clone();
    }

    public long elements() {
        return elements;
    }

    public long sizeBytes() {
        return data.byteSize();
    }

    /** The elements, read-only, row-major, little-endian, not necessarily aligned. */
    public MemorySegment data() {
        return data;
    }

    /** Element {@code i} in row-major order. An I64 over 2^53 is rounded; a BOOL is 0 or 1. */
    public double doubleAt(long i) {
        return switch (dtype) {
            case F64 -> data.get(Layouts.F64, i * Double.BYTES);
            case F32 -> data.get(Layouts.F32, i * Float.BYTES);
            case F16 -> Float.float16ToFloat(data.get(Layouts.I16, i * Short.BYTES));
            case BF16 -> BFloat16.toFloat(data.get(Layouts.I16, i * Short.BYTES));
            case I64 -> data.get(Layouts.I64, i * Long.BYTES);
            case I32 -> data.get(Layouts.I32, i * Integer.BYTES);
            case I16 -> data.get(Layouts.I16, i * Short.BYTES);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
            case U8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, i));
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
        };
    }

    /**
     * All elements in row-major order, each as by {@link #doubleAt}: for small tensors, since it copies to the heap.
     *
     * @throws IllegalStateException if there are more than an array holds
     */
    public double[] toDoubles() {
        var values = new double[arrayLength()];
        if (dtype == DType.F64) {
            MemorySegment.copy(data, Layouts.F64, 0, values, 0, values.length);
        } else {
            Arrays.setAll(values, this::doubleAt);
        }
        return values;
    }

    /** As {@link #toDoubles}, rounded to binary32. */
    public float[] toFloats() {
        var values = new float[arrayLength()];
        if (dtype == DType.F32) {
            MemorySegment.copy(data, Layouts.F32, 0, values, 0, values.length);
        } else {
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) doubleAt(i);
            }
        }
        return values;
    }

    private int arrayLength() {
        if (elements > Integer.MAX_VALUE) {
            throw new IllegalStateException(
                    "a tensor of " + elements + " elements does not fit an array; read its data() in chunks");
        }
        return (int) elements;
    }

    /** Whether the dimensions are the same; dtypes may differ. */
    public boolean sameShape(Tensor other) {
        return Arrays.equals(shape, other.shape);
    }

    /** Whether dtype, shape and every bit are the same (a NaN equals itself; 0 and -0 differ). */
    @Override
    public boolean equals(Object object) {
        return object instanceof Tensor other
                && dtype == other.dtype
                && sameShape(other)
                && data.mismatch(other.data) == -1;
    }

    /** From dtype and shape alone: the elements may be gigabytes. */
    @Override
    public int hashCode() {
        return 31 * dtype.hashCode() + Arrays.hashCode(shape);
    }

    /** Dtype and shape, e.g. {@code F32[10, 128]}; no elements. */
    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
