package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Numbers;
import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;

/**
 * What is done to one column of numbers: a missing value becomes {@code fill}, then {@code (value - mean) / scale}.
 *
 * @param fill NaN: a missing value is an error
 * @param mean 0 unless standardised
 * @param scale standard deviation; 1 unless standardised, and 1 for a constant column
 */
public record ColumnFit(String column, double fill, double mean, double scale) implements FittedColumn {
    /**
     * A variance that is this small a part of the mean square is rounding of two sums that are equal but for it: the
     * column is constant. 16 units in the last place of binary64; the sums are exact to one or two.
     */
    private static final double CONSTANT_BELOW = 16 * Math.ulp(1.0);

    /** @param moments {@link ColumnMoments#NONE} where none are needed */
    static ColumnFit of(InputColumn column, ColumnMoments moments, Table table, int[] trainingRows) {
        double fill = switch (column.fill().imputation()) {
            case CONSTANT -> column.fill().constant();
            case MEAN -> {
                if (moments.count() == 0) {
                    throw noValue(column.name());
                }
                yield moments.mean();
            }
            case MEDIAN, MOST_FREQUENT ->
                OrderStatistics.of(
                        column.fill().imputation(), column.name(), table.numbersOf(column.name()), trainingRows);
            case NONE -> Double.NaN;
        };
        return column.standardised() == null
                ? new ColumnFit(column.name(), fill, 0, 1)
                : new ColumnFit(
                        column.name(),
                        fill,
                        moments.mean(),
                        scale(moments, column.fill().imputation()));
    }

    static FedbiomedException noValue(String column) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "input '" + Text.shown(column)
                        + "' has no value in any training row, so nothing can be imputed; leave it out of the plan, or impute"
                        + " a constant");
    }

    static FedbiomedException missing(String column, long missing, int rows) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "input '" + Text.shown(column) + "' has no value in " + missing + " of " + rows
                        + " rows; impute it in the plan, or leave it out");
    }

    /** Imputed means add nothing to the centred sum of squares, but to the number of values (as in scikit-learn). */
    private static double scale(ColumnMoments moments, Imputation imputation) {
        long count = imputation == Imputation.MEAN ? moments.count() + moments.missing() : moments.count();
        if (moments.count() == 0 || moments.variance() <= CONSTANT_BELOW * (moments.sumOfSquares() / moments.count())) {
            return 1;
        }
        return Math.sqrt(moments.variance() * moments.count() / count);
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public void apply(Table table, int[] rows, double[] target, int offset, int stride) {
        var values = complete(table, rows);
        for (int i = 0; i < rows.length; i++) {
            target[offset + i * stride] = feature(values.at(rows[i]));
        }
    }

    @Override
    public Features features(Table table, int[] rows) {
        var values = complete(table, rows);
        return (row, target, at) -> target[at] = feature(values.at(row));
    }

    private double feature(double value) {
        return ((Double.isNaN(value) ? fill : value) - mean) / scale;
    }

    private Numbers complete(Table table, int[] rows) {
        var values = table.numbersOf(column);
        if (Double.isNaN(fill)) {
            long missing = 0;
            for (int row : rows) {
                missing += Double.isNaN(values.at(row)) ? 1 : 0;
            }
            if (missing > 0) {
                throw missing(column, missing, rows.length);
            }
        }
        return values;
    }
}
