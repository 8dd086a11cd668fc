package fedbiomed.data.preprocessing;

import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Text;

/**
 * What is done to one column: a missing value becomes {@code fill}, then {@code (value - mean) / scale}.
 *
 * @param fill NaN: a missing value is an error
 * @param mean 0 unless standardised
 * @param scale standard deviation; 1 unless standardised, and 1 for a constant column
 */
public record ColumnFit(String column, double fill, double mean, double scale) {
    /**
     * A variance that is this small a part of the mean square is rounding of two sums that are equal but for it: the
     * column is constant. 16 units in the last place of binary64; the sums are exact to one or two.
     */
    private static final double CONSTANT_BELOW = 16 * Math.ulp(1.0);

    /** Moments by the pipeline's source; {@link ColumnMoments#NONE} where none are needed. */
    static ColumnMoments moments(InputPipeline pipeline, String column, PreprocessingStatistics statistics) {
        if (!pipeline.standardise() && pipeline.imputation() != Imputation.MEAN) {
            return ColumnMoments.NONE;
        }
        var moments = pipeline.source() == StatisticsSource.GIVEN
                ? pipeline.given().get(column)
                : statistics.columns().get(column);
        if (moments == null) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "the run's statistics lack input '" + Text.shown(column)
                            + "'; collect them from the nodes before the first round");
        }
        return moments;
    }

    static double fill(InputPipeline pipeline, String column, ColumnMoments moments) {
        return switch (pipeline.imputation()) {
            case CONSTANT -> pipeline.constant();
            case MEAN -> {
                if (moments.count() == 0) {
                    throw noValue(column);
                }
                yield moments.mean();
            }
            default -> Double.NaN;
        };
    }

    static FedbiomedException noValue(String column) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "input '" + Text.shown(column)
                        + "' has no value in any training row, so nothing can be imputed; leave it out of the plan, or impute"
                        + " a constant");
    }

    static ColumnFit of(InputPipeline pipeline, String column, ColumnMoments moments, double fill) {
        return pipeline.standardise()
                ? new ColumnFit(column, fill, moments.mean(), scale(moments, pipeline.imputation()))
                : new ColumnFit(column, fill, 0, 1);
    }

    /** Imputed means add nothing to the centred sum of squares, but to the number of values (as in scikit-learn). */
    private static double scale(ColumnMoments moments, Imputation imputation) {
        long count = imputation == Imputation.MEAN ? moments.count() + moments.missing() : moments.count();
        if (moments.count() == 0 || moments.variance() <= CONSTANT_BELOW * (moments.sumOfSquares() / moments.count())) {
            return 1;
        }
        return Math.sqrt(moments.variance() * moments.count() / count);
    }

    /** Writes the column into every {@code stride}-th element of {@code target}, from {@code offset} on. */
    void apply(double[] values, int[] rows, double[] target, int offset, int stride) {
        long missing = 0;
        for (int i = 0; i < rows.length; i++) {
            double value = values[rows[i]];
            if (Double.isNaN(value)) {
                value = fill;
                missing++;
            }
            target[offset + i * stride] = (value - mean) / scale;
        }
        if (missing > 0 && Double.isNaN(fill)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "input '" + Text.shown(column) + "' has no value in " + missing + " of " + rows.length
                            + " rows; impute it in the plan, or leave it out");
        }
    }
}
