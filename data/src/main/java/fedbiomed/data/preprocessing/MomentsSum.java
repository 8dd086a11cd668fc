package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Numbers;
import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A column's moments while its values come. */
final class MomentsSum {
    /** Of so many rows one column is looked at after the other: a table in files is read once, whatever its columns. */
    private static final int ROWS_AT_A_TIME = 1 << 14;

    private final String name;
    private final Numbers values;
    private final ExactSum sum = new ExactSum();
    private final ExactSum sumOfSquares = new ExactSum();
    private long missing;

    private MomentsSum(String name, Numbers values) {
        this.name = name;
        this.values = values;
    }

    /** Of some columns over some rows. @throws FedbiomedException DATA_UNFIT as {@link Table#numbers} */
    static SortedMap<String, ColumnMoments> over(Table table, List<String> columns, int[] rows) {
        var sums = columns.stream()
                .map(name -> new MomentsSum(name, table.numbersOf(name)))
                .toList();
        for (int from = 0; from < rows.length; from += ROWS_AT_A_TIME) {
            int to = Math.min(rows.length - from, ROWS_AT_A_TIME) + from;
            for (var column : sums) {
                column.add(rows, from, to);
            }
        }
        var moments = new TreeMap<String, ColumnMoments>();
        sums.forEach(column -> moments.put(column.name, column.moments(rows.length)));
        return moments;
    }

    private void add(int[] rows, int from, int to) {
        for (int i = from; i < to; i++) {
            double value = values.at(rows[i]);
            if (Double.isNaN(value)) {
                missing++;
            } else {
                sum.add(value);
                sumOfSquares.addSquare(value);
            }
        }
    }

    private ColumnMoments moments(int rows) {
        if (!Double.isFinite(sumOfSquares.value())) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "input '" + Text.shown(name)
                            + "' has numbers so large (over 1e150) that their squares overflow; correct or rescale them");
        }
        return new ColumnMoments(rows - missing, missing, sum.value(), sumOfSquares.value());
    }
}
