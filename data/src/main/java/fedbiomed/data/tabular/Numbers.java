package fedbiomed.data.tabular;

/**
 * A column of numbers, of true (1) and false (0) or of dates (days since 1970-01-01), wherever it lies; NaN where a value
 * is missing. Several threads may read at a time.
 */
public interface Numbers {
    int rows();

    double at(int row);

    /** Those of some rows in the order of {@link Double#compare}, missing ones left out. */
    default SortedNumbers sorted(int[] rows) {
        return SortedNumbers.inMemory(this, rows);
    }

    /** @param values not copied */
    static Numbers of(double[] values) {
        return new Numbers() {
            @Override
            public int rows() {
                return values.length;
            }

            @Override
            public double at(int row) {
                return values[row];
            }
        };
    }
}
