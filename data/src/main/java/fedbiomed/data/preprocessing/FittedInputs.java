package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;

/** A pipeline with its statistics filled in: what is done to each input, in the model's order. */
public record FittedInputs(List<FittedColumn> columns) {
    /** Most values in one array. */
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

    public FittedInputs {
        columns = List.copyOf(columns);
    }

    /** How many features they make together. */
    public int width() {
        return columns.stream().mapToInt(FittedColumn::width).sum();
    }

    /**
     * The inputs of some rows as the model gets them.
     *
     * @return row-major, {@code rows.length} x {@link #width}
     * @throws FedbiomedException DATA_UNFIT naming the column if a value is missing and not imputed, or no declared
     *     category, or as {@link Table#numbers}
     */
    public double[] apply(Table table, int[] rows) {
        int width = width();
        if ((long) rows.length * width > MAX_VALUES) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "the table has " + rows.length + " rows of " + width
                            + " inputs, more than fit into memory at once; split the dataset or use fewer inputs");
        }
        var target = new double[rows.length * width];
        int offset = 0;
        for (var column : columns) {
            column.apply(table, rows, target, offset, width);
            offset += column.width();
        }
        return target;
    }

    /**
     * As {@link #apply}, row by row when they are asked for: a table that is larger than the memory.
     *
     * @param rows that will be asked for
     * @throws FedbiomedException as {@link #apply}
     */
    public PreparedRows over(Table table, int[] rows) {
        return new PreparedRows(columns, table, rows);
    }
}
