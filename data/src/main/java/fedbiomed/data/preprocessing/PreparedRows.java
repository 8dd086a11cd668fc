package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import java.util.List;

/** Rows of a table as the model gets them, each made when it is asked for. Several threads may ask at a time. */
public final class PreparedRows {
    private final FittedColumn.Features[] features;
    private final int[] offsets;
    private final int width;

    PreparedRows(List<FittedColumn> columns, Table table, int[] rows) {
        this.features = new FittedColumn.Features[columns.size()];
        this.offsets = new int[columns.size()];
        int offset = 0;
        for (int i = 0; i < features.length; i++) {
            var column = columns.get(i);
            features[i] = column.features(table, rows);
            offsets[i] = offset;
            offset += column.width();
        }
        this.width = offset;
    }

    /** How many features a row has. */
    public int width() {
        return width;
    }

    /** Writes a row of the table into {@code target}, from {@code at} on, where there are zeros. */
    public void write(int row, double[] target, int at) {
        for (int i = 0; i < features.length; i++) {
            features[i].write(row, target, at + offsets[i]);
        }
    }
}
