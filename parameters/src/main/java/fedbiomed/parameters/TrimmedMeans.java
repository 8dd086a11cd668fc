package fedbiomed.parameters;

import java.util.Arrays;
import java.util.List;

/**
 * Means of the middle ones of many inputs, element by element. A block of each input is a row; a {@link SortingNetwork}
 * sorts all columns at once, in binary32 where the elements are no wider. What is added up in binary64, in ascending
 * order, are the same values as after a sort of each column. One thread's own.
 */
final class TrimmedMeans {
    /** So many values lie in the rows together: 64 KiB of binary32, which stay in the caches nearest to a core. */
    private static final int IN_ROWS = 1 << 14;

    private static final int LEAST_COLUMNS = 1 << 5;
    private static final int MOST_COLUMNS = 1 << 10;

    private final int inputs;
    private final int each;
    private final int columns;
    private final SortingNetwork.Pair[] network;
    private float[][] floats = {};
    private double[][] doubles = {};

    /** @param each so many are left out at either end */
    TrimmedMeans(int inputs, int each) {
        if (each < 0 || 2 * each >= inputs) {
            throw new IllegalArgumentException(
                    "of " + inputs + " inputs, " + each + " at either end cannot be left out");
        }
        this.inputs = inputs;
        this.each = each;
        this.columns = Math.clamp(IN_ROWS / inputs, LEAST_COLUMNS, MOST_COLUMNS);
        this.network = SortingNetwork.of(inputs, each, inputs - each).toArray(SortingNetwork.Pair[]::new);
    }

    boolean isOf(int otherInputs, int otherEach) {
        return inputs == otherInputs && each == otherEach;
    }

    /**
     * @param tensors one an input, all of one floating dtype
     * @param into its first {@code n} elements are set
     * @return whether all were finite; else what is in {@code into} means nothing
     */
    boolean of(List<Tensor> tensors, long from, int n, Elements elements, double[] into) {
        boolean finite = true;
        boolean wide = tensors.getFirst().dtype() == DType.F64;
        for (int at = 0; at < n; at += columns) {
            int width = Math.min(columns, n - at);
            for (var tensor : tensors) {
                finite &= elements.allFinite(tensor, from + at, width);
            }
            Arrays.fill(into, at, at + width, 0);
            if (wide) {
                sumOfDoubles(tensors, from + at, width, elements, into, at);
            } else {
                sumOfFloats(tensors, from + at, width, elements, into, at);
            }
        }
        double kept = inputs - 2.0 * each;
        for (int i = 0; i < n; i++) {
            into[i] /= kept;
        }
        return finite;
    }

    private void sumOfFloats(List<Tensor> tensors, long from, int width, Elements elements, double[] into, int at) {
        if (floats.length == 0) {
            floats = new float[inputs][columns];
        }
        for (int row = 0; row < inputs; row++) {
            elements.load(tensors.get(row), from, width, floats[row]);
        }
        for (var pair : network) {
            order(floats[pair.low()], floats[pair.high()], width);
        }
        for (int row = each; row < inputs - each; row++) {
            add(floats[row], width, into, at);
        }
    }

    private void sumOfDoubles(List<Tensor> tensors, long from, int width, Elements elements, double[] into, int at) {
        if (doubles.length == 0) {
            doubles = new double[inputs][columns];
        }
        for (int row = 0; row < inputs; row++) {
            var tensor = tensors.get(row);
            elements.load(tensor.data(), tensor.dtype(), from, width, doubles[row]);
        }
        for (var pair : network) {
            order(doubles[pair.low()], doubles[pair.high()], width);
        }
        for (int row = each; row < inputs - each; row++) {
            add(doubles[row], width, into, at);
        }
    }

    private static void order(float[] low, float[] high, int n) {
        for (int i = 0; i < n; i++) {
            float a = low[i];
            float b = high[i];
            low[i] = Math.min(a, b);
            high[i] = Math.max(a, b);
        }
    }

    private static void order(double[] low, double[] high, int n) {
        for (int i = 0; i < n; i++) {
            double a = low[i];
            double b = high[i];
            low[i] = Math.min(a, b);
            high[i] = Math.max(a, b);
        }
    }

    private static void add(float[] row, int n, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            sums[at + i] += row[i];
        }
    }

    private static void add(double[] row, int n, double[] sums, int at) {
        for (int i = 0; i < n; i++) {
            sums[at + i] += row[i];
        }
    }
}
