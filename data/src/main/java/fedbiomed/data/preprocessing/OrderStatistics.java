package fedbiomed.data.preprocessing;

import java.util.Arrays;

/** Median and most frequent value of a column; each may be a person's own value, so it stays at the node. */
final class OrderStatistics {
    private OrderStatistics() {}

    /** @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if none of the rows has a value */
    static double of(Imputation imputation, String column, double[] values, int[] rows) {
        var sorted = Arrays.stream(rows)
                .mapToDouble(row -> values[row])
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            throw ColumnFit.noValue(column);
        }
        return imputation == Imputation.MEDIAN ? median(sorted) : mostFrequent(sorted);
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : sorted[middle - 1] / 2 + sorted[middle] / 2;
    }

    private static double mostFrequent(double[] sorted) {
        double best = sorted[0];
        int bestCount = 0;
        int count = 0;
        for (int i = 0; i < sorted.length; i++) {
            count = i > 0 && sorted[i] == sorted[i - 1] ? count + 1 : 1;
            if (count > bestCount) {
                best = sorted[i];
                bestCount = count;
            }
        }
        return best;
    }
}
