package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.lang.foreign.MemorySegment;
import org.duckdb.DuckDBReadableVector;

/** A Parquet file's column on its way into a {@link SpillFile}, which has room for a chunk of rows. */
interface SpilledParquet extends ParquetSink {
    TableColumn column(MemorySegment memory, int rows);

    /** @param offset in each record of {@code file} */
    record Numbers(ParquetColumn from, Spill spill, SpillFile file, int offset) implements SpilledParquet {
        @Override
        public void accept(DuckDBReadableVector values, long firstRow) {
            boolean real = from.type() == ColumnType.REAL;
            for (int i = 0; i < values.rowCount(); i++) {
                boolean missing = values.isNull(i);
                if (real) {
                    file.putDouble(
                            i,
                            offset,
                            missing
                                    ? Double.NaN
                                    : ParquetSink.finite(
                                            values.getDouble(i), firstRow + i, from.name(), spill.problem()));
                } else {
                    file.putLong(i, offset, missing ? 0 : values.getLong(i));
                }
                file.putByte(i, offset + Long.BYTES, (byte) (missing ? 1 : 0));
            }
        }

        @Override
        public TableColumn column(MemorySegment memory, int rows) {
            return new SpilledColumn.Typed(
                    new SpilledColumn(spill, memory, file.recordBytes(), offset, rows), from.type());
        }
    }

    /** Text, or what the data manager declares to be something else. */
    record Texts(SpilledText text) implements SpilledParquet {
        @Override
        public void accept(DuckDBReadableVector values, long firstRow) {
            for (int i = 0; i < values.rowCount(); i++) {
                text.addValue(i, values.isNull(i) ? null : values.getString(i), firstRow + i + 1);
            }
        }

        @Override
        public TableColumn column(MemorySegment memory, int rows) {
            text.finish(memory, rows, true);
            return text;
        }
    }
}
