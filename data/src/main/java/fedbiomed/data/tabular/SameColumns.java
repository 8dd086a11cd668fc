package fedbiomed.data.tabular;

import fedbiomed.vocabulary.Text;
import java.util.List;

/** The columns of one file of a table beside those of its first file. */
final class SameColumns {
    private SameColumns() {}

    /**
     * @param <T> what a column is known by
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the first that differs
     */
    static <T> void require(List<T> first, List<T> these, CsvProblem problem) {
        for (int i = 0; i < Math.max(first.size(), these.size()); i++) {
            var expected = i < first.size() ? shown(first.get(i)) : "none";
            var found = i < these.size() ? shown(these.get(i)) : "none";
            if (!expected.equals(found)) {
                throw problem.of("column " + (i + 1) + " is " + found + ", and in the folder's first file " + expected
                        + "; all files have the same columns in the same order, or lie in folders of their own");
            }
        }
    }

    private static String shown(Object column) {
        return column instanceof ParquetColumn parquet
                ? "'" + Text.shown(parquet.name()) + "' (" + parquet.type() + ")"
                : "'" + Text.shown(column.toString()) + "'";
    }
}
