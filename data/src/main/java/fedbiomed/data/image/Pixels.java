package fedbiomed.data.image;

import fedbiomed.parameters.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A decoded image.
 *
 * @param values {@code [channels, height, width]}, as they stand in the file (0 to 255 for bytes)
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Pixels(int channels, int height, int width, Depth depth, float[] values) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int RGB = 3;

    /** What a sample is in the file, and the dtype that holds it. */
    enum Depth {
        BYTE(DType.U8),
        /** Unsigned 16-bit integers, for which safetensors' smallest type is I32. */
        SHORT(DType.I32),
        FLOAT(DType.F32);

        private final DType dtype;

        Depth(DType dtype) {
            this.dtype = dtype;
        }

        DType dtype() {
            return dtype;
        }
    }

    List<Long> shape() {
        return List.of((long) channels, (long) height, (long) width);
    }

    /** Luminance by ITU-R BT.601 in 16-bit fixed point, as Pillow's {@code convert("L")} has it; or grey three times. */
    Pixels inChannels(int wanted) {
        if (wanted == channels) {
            return this;
        }
        int size = height * width;
        var converted = new float[wanted * size];
        if (wanted == RGB) {
            for (int c = 0; c < RGB; c++) {
                System.arraycopy(values, 0, converted, c * size, size);
            }
        } else if (depth == Depth.FLOAT) {
            for (int i = 0; i < size; i++) {
                converted[i] = 0.299f * values[i] + 0.587f * values[size + i] + 0.114f * values[2 * size + i];
            }
        } else {
            for (int i = 0; i < size; i++) {
                converted[i] = (19_595L * (int) values[i]
                                + 38_470L * (int) values[size + i]
                                + 7_471L * (int) values[2 * size + i]
                                + 0x8000)
                        >> 16;
            }
        }
        return new Pixels(wanted, height, width, depth, converted);
    }

    /** As {@link BilinearResize}. */
    Pixels resized(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width) {
            return this;
        }
        var resized = BilinearResize.resized(values, channels, height, width, newHeight, newWidth);
        if (depth != Depth.FLOAT) {
            for (int i = 0; i < resized.length; i++) {
                resized[i] = Math.round(resized[i]);
            }
        }
        return new Pixels(channels, newHeight, newWidth, depth, resized);
    }

    void write(MemorySegment into) {
        switch (depth) {
            case BYTE -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(ValueLayout.JAVA_BYTE, i, (byte) (int) values[i]);
                }
            }
            case SHORT -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(INT, 4L * i, (int) values[i]);
                }
            }
            case FLOAT -> {
                for (int i = 0; i < values.length; i++) {
                    into.set(FLOAT, 4L * i, values[i]);
                }
            }
        }
    }

    boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
