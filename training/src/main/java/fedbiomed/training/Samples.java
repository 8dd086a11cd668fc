package fedbiomed.training;

import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Prepared samples: rows of a table, in memory or made when they are fetched, or arrays of any shape.
 *
 * @param rows how many samples
 * @param inputs a table's row-major {@code [rows, width]}, finite; empty for arrays
 * @param width features of a table; 0 for arrays
 * @param targets {@code [rows]}: index of the class, or the value for regression; empty where there is no such target, or
 *     only scores are wanted
 * @param arrays named inputs and targets of any shape; none for a table
 * @param table rows of a table that are not made yet: then there are no inputs and no targets before {@link #fetched};
 *     {@code null} otherwise
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; a batch is read in place
public record Samples(
        int rows,
        double[] inputs,
        int width,
        double[] targets,
        SampleArrays arrays,
        @Nullable TableRows table) {
    private static final double[] NONE = {};

    /** Rows of a table. */
    public Samples(double[] inputs, int width, double[] targets) {
        this(inputs.length / width, inputs, width, targets, SampleArrays.NONE, null);
    }

    /** Rows of a table that are made when they are fetched. */
    static Samples of(TableRows table) {
        return new Samples(table.count(), NONE, table.width(), NONE, SampleArrays.NONE, table);
    }

    /** @throws IllegalStateException if they are not made yet: an engine gets none of these */
    @Override
    public double[] inputs() {
        requireFetched();
        return inputs;
    }

    /** @throws IllegalStateException as {@link #inputs} */
    @Override
    public double[] targets() {
        requireFetched();
        return targets;
    }

    private void requireFetched() {
        if (table != null) {
            throw new IllegalStateException("these rows are not made yet");
        }
    }

    /** The same, made. */
    Samples fetched() {
        return table == null ? this : table.fetched();
    }

    /** Of all samples, although their inputs are not made yet. */
    double[] allTargets() {
        return table == null ? targets : table.targets();
    }

    static Samples of(SampleArrays arrays, double[] targets) {
        return new Samples(arrays.samples(), NONE, 0, targets, arrays, null);
    }

    /** The same with its arrays from elsewhere. */
    Samples with(SampleArrays others) {
        return new Samples(rows, inputs, width, targets, others, table);
    }

    /** Of each array, samples first; of a table's inputs {@code [rows, width]}. */
    List<List<Long>> shapes() {
        if (arrays.samples() == 0) {
            return List.of(List.of((long) rows, (long) width));
        }
        return arrays.names().stream()
                .map(name -> LongStream.concat(LongStream.of(rows), LongStream.of(arrays.shape(name)))
                        .boxed()
                        .toList())
                .toList();
    }

    /** The same for an epoch of training: what the plan augments is drawn for it. */
    Samples augmented(long seed, int epoch) {
        return new Samples(rows, inputs, width, targets, arrays.augmented(seed, epoch), table);
    }

    /** The rows {@code order[from]} to {@code order[to - 1]}, copied (of arrays, and of rows not made yet: when they are fetched). */
    Samples select(int[] order, int from, int to) {
        if (table != null) {
            return of(table.select(order, from, to));
        }
        var some = new double[(to - from) * width];
        var theirs = new double[targets.length == 0 ? 0 : to - from];
        for (int i = from; i < to; i++) {
            System.arraycopy(inputs, order[i] * width, some, (i - from) * width, width);
            if (theirs.length > 0) {
                theirs[i - from] = targets[order[i]];
            }
        }
        var those = arrays.samples() == 0 ? arrays : arrays.select(order, from, to);
        return new Samples(to - from, some, width, theirs, those, null);
    }

    /** All in their order, so many at a time; the last ones may be fewer. */
    Iterator<Samples> batches(int size) {
        var order = IntStream.range(0, rows).toArray();
        return IntStream.iterate(0, from -> from < rows, from -> (int) Math.min(rows, (long) from + size))
                .mapToObj(from -> select(order, from, (int) Math.min(rows, (long) from + size)))
                .iterator();
    }

    /** One below the other. @throws ArithmeticException if together they are too large for an array */
    static Samples concatenated(List<Samples> some) {
        var parts = some.stream().map(Samples::fetched).toList();
        var first = parts.getFirst();
        int cells = 0;
        int rows = 0;
        int targeted = 0;
        for (var part : parts) {
            cells = Math.addExact(cells, part.inputs.length);
            rows = Math.addExact(rows, part.rows);
            targeted += part.targets.length;
        }
        var inputs = new double[cells];
        var targets = new double[targeted];
        int cell = 0;
        int target = 0;
        for (var part : parts) {
            System.arraycopy(part.inputs, 0, inputs, cell, part.inputs.length);
            System.arraycopy(part.targets, 0, targets, target, part.targets.length);
            cell += part.inputs.length;
            target += part.targets.length;
        }
        var arrays =
                SampleArrays.concatenated(parts.stream().map(Samples::arrays).toList());
        return new Samples(rows, inputs, first.width, targets, arrays, null);
    }
}
