package fedbiomed.data.image;

import java.util.Arrays;

/**
 * Images at another size, bilinear; where an image shrinks, each new pixel is the mean of those it covers, weighted by a
 * triangle (antialiasing), as Pillow's {@code resize(..., BILINEAR)} has it.
 */
public final class BilinearResize {
    private BilinearResize() {}

    /** @param values {@code [planes, height, width]}; @return {@code [planes, newHeight, newWidth]} */
    public static float[] resized(float[] values, int planes, int height, int width, int newHeight, int newWidth) {
        var across = new Triangle(width, newWidth);
        var down = new Triangle(height, newHeight);
        var resized = new float[planes * newHeight * newWidth];
        var rows = new float[height * newWidth];
        for (int p = 0; p < planes; p++) {
            for (int y = 0; y < height; y++) {
                across.apply(values, (p * height + y) * width, 1, rows, y * newWidth, 1);
            }
            for (int x = 0; x < newWidth; x++) {
                down.apply(rows, x, newWidth, resized, p * newHeight * newWidth + x, newWidth);
            }
        }
        return resized;
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
