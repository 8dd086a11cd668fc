package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A column of numbers, true and false or dates, without the text that it may have been: 8 bytes a value. */
final class NumberColumn implements TableColumn {
    private final ColumnType type;
    /** Whole numbers, 1 and 0, or days; of {@link ColumnType#REAL} a double's bits, NaN where a value is missing. */
    private final long[] values;
    /** Of other types than {@link ColumnType#REAL}. */
    private final BitSet missing;

    private NumberColumn(ColumnType type, long[] values, BitSet missing) {
        this.type = type;
        this.values = values;
        this.missing = missing;
    }

    static final class Builder {
        private final ColumnType type;
        private final long[] values;
        private final BitSet missing = new BitSet();
        private int rows;

        /** @param rows at most */
        Builder(ColumnType type, int rows) {
            this.type = type;
            this.values = new long[rows];
        }

        void add(long value) {
            values[rows++] = value;
        }

        void add(double value) {
            values[rows++] = Double.doubleToLongBits(value);
        }

        void addMissing() {
            if (type == ColumnType.REAL) {
                add(Double.NaN);
            } else {
                missing.set(rows);
                add(0L);
            }
        }

        NumberColumn build() {
            return new NumberColumn(type, rows == values.length ? values : Arrays.copyOf(values, rows), missing);
        }
    }

    @Override
    public ColumnType type() {
        return type;
    }

    @Override
    public @Nullable String obstacle() {
        return null;
    }

    /** Infinities are refused before such a column is made. */
    @Override
    public long firstInfinity() {
        return 0;
    }

    @Override
    public double[] numbers() {
        var numbers = new double[values.length];
        for (int row = 0; row < numbers.length; row++) {
            numbers[row] = type == ColumnType.REAL
                    ? Double.longBitsToDouble(values[row])
                    : missing.get(row) ? Double.NaN : values[row];
        }
        return numbers;
    }

    @Override
    public @Nullable String[] texts() {
        var texts = new @Nullable String[values.length];
        for (int row = 0; row < texts.length; row++) {
            texts[row] = text(row);
        }
        return texts;
    }

    private @Nullable String text(int row) {
        return text(type, values[row], missing.get(row));
    }

    /** @param value as {@link #values} has it */
    static @Nullable String text(ColumnType type, long value, boolean missing) {
        if (type == ColumnType.REAL) {
            double real = Double.longBitsToDouble(value);
            return Double.isNaN(real) ? null : Double.toString(real);
        }
        if (missing) {
            return null;
        }
        return switch (type) {
            case BOOLEAN -> value == 0 ? "false" : "true";
            case DATE -> LocalDate.ofEpochDay(value).toString();
            default -> Long.toString(value);
        };
    }
}
