package fedbiomed.training;

import java.util.List;

/**
 * Prepared rows, in memory.
 *
 * @param inputs row-major {@code [rows, width]}, finite
 * @param width features
 * @param targets {@code [rows]}: index of the class, or the value for regression; empty where only scores are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a batch is read in place
public record Samples(double[] inputs, int width, double[] targets) {
    public int rows() {
        return inputs.length / width;
    }

    /** The rows {@code order[from]} to {@code order[to - 1]}, copied. */
    Samples select(int[] order, int from, int to) {
        var some = new double[(to - from) * width];
        var theirs = new double[targets.length == 0 ? 0 : to - from];
        for (int i = from; i < to; i++) {
            System.arraycopy(inputs, order[i] * width, some, (i - from) * width, width);
            if (theirs.length > 0) {
                theirs[i - from] = targets[order[i]];
            }
        }
        return new Samples(some, width, theirs);
    }

    /** One below the other. @throws ArithmeticException if together they are too large for an array */
    static Samples concatenated(List<Samples> parts) {
        var first = parts.getFirst();
        int cells = 0;
        int rows = 0;
        for (var part : parts) {
            cells = Math.addExact(cells, part.inputs.length);
            rows += part.targets.length;
        }
        var inputs = new double[cells];
        var targets = new double[rows];
        int cell = 0;
        int row = 0;
        for (var part : parts) {
            System.arraycopy(part.inputs, 0, inputs, cell, part.inputs.length);
            System.arraycopy(part.targets, 0, targets, row, part.targets.length);
            cell += part.inputs.length;
            row += part.targets.length;
        }
        return new Samples(inputs, first.width, targets);
    }
}
