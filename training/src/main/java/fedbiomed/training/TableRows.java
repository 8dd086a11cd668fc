package fedbiomed.training;

import fedbiomed.data.preprocessing.PreparedRows;
import fedbiomed.data.tabular.Numbers;
import org.jspecify.annotations.Nullable;

/** Some rows of a table that stays where it is until a batch needs a few of them. */
public final class TableRows {
    private final PreparedRows inputs;
    private final @Nullable Numbers targets;
    private final int[] rows;

    /** @param targets by the table's rows; {@code null} where only scores are wanted; @param rows of the table, not copied */
    TableRows(PreparedRows inputs, @Nullable Numbers targets, int[] rows) {
        this.inputs = inputs;
        this.targets = targets;
        this.rows = rows;
    }

    int count() {
        return rows.length;
    }

    int width() {
        return inputs.width();
    }

    /** Of the heap, when they are made. */
    long bytes() {
        return (long) rows.length * (width() + 1) * Double.BYTES;
    }

    TableRows select(int[] order, int from, int to) {
        var some = new int[to - from];
        for (int i = from; i < to; i++) {
            some[i - from] = rows[order[i]];
        }
        return new TableRows(inputs, targets, some);
    }

    Samples fetched() {
        int width = width();
        var made = new double[Math.multiplyExact(rows.length, width)];
        for (int i = 0; i < rows.length; i++) {
            inputs.write(rows[i], made, i * width);
        }
        return new Samples(made, width, targets());
    }

    double[] targets() {
        var values = targets;
        if (values == null) {
            return new double[0];
        }
        var some = new double[rows.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = values.at(rows[i]);
        }
        return some;
    }
}
