package fedbiomed.training;

import fedbiomed.data.transform.Draws;
import fedbiomed.data.transform.SampleValues;
import fedbiomed.data.transform.Transform;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array of a dataset as batches have it. Several threads may read at a time.
 *
 * @param steps what is done to each sample
 * @param index its place among the plan's arrays
 * @param isMask whether its values name classes: they are moved, never mixed, and keep their dtype. Otherwise what is
 *     transformed is F32
 * @param prepared of one sample after the steps
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record PreparedArray(ArrayColumn column, List<Transform> steps, int index, boolean isMask, long[] prepared) {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** @throws FedbiomedException DATA_UNFIT if samples of the array's shape cannot be transformed so */
    static PreparedArray of(ArrayColumn column, List<Transform> steps, int index, boolean isMask) {
        if (!steps.isEmpty()) {
            column.dtype(); // text cannot be transformed
        }
        try {
            var shape = ArrayInput.prepared(column.description().shape(), steps);
            return new PreparedArray(column, steps, index, isMask, shape);
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "array '" + Text.shown(column.description().name()) + "' " + e.getMessage()
                            + "; leave this dataset out, or change the plan",
                    e);
        }
    }

    String name() {
        return column.description().name();
    }

    DType dtype() {
        return steps.isEmpty() || isMask ? column.dtype() : DType.F32;
    }

    long[] shape() {
        return prepared.clone();
    }

    /** Of one sample. */
    long elements() {
        return Arrays.stream(prepared).reduce(1L, Math::multiplyExact);
    }

    /** @param draws {@code null} where the sample is not augmented; @param into as long as a prepared sample */
    void read(int sample, @Nullable Draws draws, MemorySegment into) {
        if (steps.isEmpty()) {
            column.source().read(name(), sample, into);
            return;
        }
        SampleValues values;
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(column.elements() * column.dtype().bytes(), Double.BYTES);
            column.source().read(name(), sample, memory);
            values = new SampleValues(
                    Tensor.of(column.dtype(), column.shape(), memory).toFloats(),
                    Arrays.stream(column.shape()).mapToInt(Math::toIntExact).toArray());
        }
        for (var step : steps) {
            values = step.apply(values, draws);
        }
        write(values.values(), into);
    }

    private void write(float[] values, MemorySegment into) {
        switch (dtype()) {
            case F32 -> MemorySegment.copy(values, 0, into, FLOAT, 0, values.length);
            case F64 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(DOUBLE, (long) i * Double.BYTES, values[i]);
                }
            }
            case I64 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(LONG, (long) i * Long.BYTES, (long) values[i]);
                }
            }
            case I32 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(INT, (long) i * Integer.BYTES, (int) values[i]);
                }
            }
            case I16 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(SHORT, (long) i * Short.BYTES, (short) values[i]);
                }
            }
            case F16 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(SHORT, (long) i * Short.BYTES, Float.floatToFloat16(values[i]));
                }
            }
            // the upper half of a float: exact for a class's index
            case BF16 -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(SHORT, (long) i * Short.BYTES, (short) (Float.floatToRawIntBits(values[i]) >>> 16));
                }
            }
            case I8, U8, BOOL -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(ValueLayout.JAVA_BYTE, i, (byte) (int) values[i]);
                }
            }
        }
    }
}
