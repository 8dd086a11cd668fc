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

    /**
     * The features row by row, when they are asked for.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException as {@link #apply}: nothing is wrong with any of {@code rows} then
     */
    Features features(Table table, int[] rows);

    /** Features of one column. */
    interface Features {
        /** Writes those of a row of the table into {@code target}, from {@code at} on, where there are zeros. */
        void write(int row, double[] target, int at);
    }
}
