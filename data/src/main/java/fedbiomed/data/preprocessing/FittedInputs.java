package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;

/** A pipeline with its statistics filled in: what is done to each input, in the model's order. */
public record FittedInputs(List<ColumnFit> columns) {
    /** Most values in one array. */
    private static final int MAX_VALUES = Integer.MAX_VALUE - 8;

    public FittedInputs {
        columns = List.copyOf(columns);
    }

    /**
     * The inputs of some rows as the model gets them.
     *
     * @return row-major, {@code rows.length} x {@code columns.size()}
     * @throws FedbiomedException DATA_UNFIT naming the column if a value is missing and not imputed, or as
     *     {@link Table#numbers}
     */
    public double[] apply(Table table, int[] rows) {
        if ((long) rows.length * columns.size() > MAX_VALUES) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    rows.length + " rows of " + columns.size() + " inputs do not fit one array; use fewer inputs");
        }
        var target = new double[rows.length * columns.size()];
        for (int c = 0; c < columns.size(); c++) {
            var fit = columns.get(c);
            fit.apply(table.numbers(fit.column()), rows, target, c, columns.size());
        }
        return target;
    }
}
