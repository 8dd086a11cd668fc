package fedbiomed.data.image;

import fedbiomed.parameters.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
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

    /** Bilinear; where it shrinks, each new pixel is the mean of those it covers, weighted by a triangle (antialiasing). */
    Pixels resized(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width) {
            return this;
        }
        var across = new Triangle(width, newWidth);
        var down = new Triangle(height, newHeight);
        var resized = new float[channels * newHeight * newWidth];
        var rows = new float[height * newWidth];
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                across.apply(values, (c * height + y) * width, 1, rows, y * newWidth, 1);
            }
            for (int x = 0; x < newWidth; x++) {
                down.apply(rows, x, newWidth, resized, c * newHeight * newWidth + x, newWidth);
            }
        }
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

    /** The triangle's weights for each new place along one direction. */
    private static final class Triangle {
        private final int[] first;
        private final float[][] weights;

        Triangle(int from, int to) {
            first = new int[to];
            weights = new float[to][];
            double scale = (double) from / to;
            double support = Math.max(1, scale);
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                int low = Math.max(0, (int) (centre - support + 0.5));
                int high = Math.min(from, (int) (centre + support + 0.5));
                var row = new double[high - low];
                for (int j = low; j < high; j++) {
                    row[j - low] = Math.max(0, 1 - Math.abs((j - centre + 0.5) / support));
                }
                double sum = Arrays.stream(row).sum();
                first[i] = low;
                weights[i] = new float[row.length];
                for (int j = 0; j < row.length; j++) {
                    weights[i][j] = (float) (row[j] / sum);
                }
            }
        }

        void apply(float[] in, int inStart, int inStep, float[] out, int outStart, int outStep) {
            for (int i = 0; i < first.length; i++) {
                var row = weights[i];
                float sum = 0;
                for (int j = 0; j < row.length; j++) {
                    sum += row[j] * in[inStart + (first[i] + j) * inStep];
                }
                out[outStart + i * outStep] = sum;
            }
        }
    }
}
