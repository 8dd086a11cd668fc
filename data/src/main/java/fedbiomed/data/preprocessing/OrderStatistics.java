package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Numbers;
import fedbiomed.data.tabular.SortedNumbers;
import java.util.PrimitiveIterator;

/** Median and most frequent value of a column; each may be a person's own value, so it stays at the node. */
final class OrderStatistics {
    private OrderStatistics() {}

    /** @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if none of the rows has a value */
    static double of(Imputation imputation, String column, Numbers values, int[] rows) {
        try (var sorted = values.sorted(rows)) {
            if (sorted.count() == 0) {
                throw ColumnFit.noValue(column);
            }
            return imputation == Imputation.MEDIAN ? median(sorted) : mostFrequent(sorted.values());
        }
    }

    private static double median(SortedNumbers sorted) {
        var values = sorted.values();
        for (long i = 0; i < (sorted.count() - 1) / 2; i++) {
            values.nextDouble();
        }
        double middle = values.nextDouble();
        return sorted.count() % 2 == 1 ? middle : middle / 2 + values.nextDouble() / 2;
    }

    private static double mostFrequent(PrimitiveIterator.OfDouble sorted) {
        double best = Double.NaN;
        long bestCount = 0;
        double before = Double.NaN;
        long count = 0;
        while (sorted.hasNext()) {
            double value = sorted.nextDouble();
            count = value == before ? count + 1 : 1;
            if (count > bestCount) {
                best = value;
                bestCount = count;
            }
            before = value;
        }
        return best;
    }
}
