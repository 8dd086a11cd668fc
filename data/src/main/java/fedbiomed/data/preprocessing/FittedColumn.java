package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;

/** What is done to one column, with its statistics filled in. */
public sealed interface FittedColumn permits ColumnFit, CategoryFit {
    String column();

    /** How many features it makes. */
    int width();

    /**
     * Writes the features of the {@code i}th of some rows into {@code target}, from {@code offset + i * stride} on.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the column, and how many rows have no value, or none
     *     that is declared
     */
    void apply(Table table, int[] rows, double[] target, int offset, int stride);
}
