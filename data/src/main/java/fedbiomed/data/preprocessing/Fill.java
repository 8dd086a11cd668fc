package fedbiomed.data.preprocessing;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import org.jspecify.annotations.Nullable;

/**
 * What stands in for a missing value of one column.
 *
 * @param constant for {@link Imputation#CONSTANT} of a column of numbers; NaN otherwise
 * @param category for {@link Imputation#CONSTANT} of a column of categories; {@code null} otherwise
 * @param source whose mean, median or most frequent value
 */
public record Fill(
        Imputation imputation, double constant, @Nullable String category, StatisticsSource source) {
    /** A missing value is an error. */
    public static final Fill NONE = new Fill(Imputation.NONE, Double.NaN, null, StatisticsSource.LOCAL);

    /** @throws FedbiomedException PLAN_INVALID for a median or most frequent value that is not local */
    public Fill {
        if (isOrderStatistic(imputation) && source != StatisticsSource.LOCAL) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "a " + imputation + " cannot be computed over nodes or from moments: ask for LOCAL statistics,"
                            + " or impute the MEAN, or a value that you know as CONSTANT");
        }
    }

    boolean isOrderStatistic() {
        return isOrderStatistic(imputation);
    }

    private static boolean isOrderStatistic(Imputation imputation) {
        return imputation == Imputation.MEDIAN || imputation == Imputation.MOST_FREQUENT;
    }
}
