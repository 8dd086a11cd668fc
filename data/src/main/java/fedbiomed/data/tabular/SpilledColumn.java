package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.time.LocalDate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a column's values lie in the records of a spilled table.
 *
 * @param offset of its value in each record
 */
record SpilledColumn(Spill spill, MemorySegment memory, int recordBytes, int offset, int rows) {
    static final ValueLayout.OfDouble REAL = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong WHOLE = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt CODE = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private long place(int row, int within) {
        return (long) row * recordBytes + offset + within;
    }

    double real(int row) {
        return memory.get(REAL, place(row, 0));
    }

    long whole(int row) {
        return memory.get(WHOLE, place(row, 0));
    }

    int code(int row, int within) {
        return memory.get(CODE, place(row, within));
    }

    boolean flag(int row, int within) {
        return memory.get(ValueLayout.JAVA_BYTE, place(row, within)) != 0;
    }

    /** What all columns of numbers have in common. */
    private abstract static class View implements Numbers {
        final SpilledColumn at;

        View(SpilledColumn at) {
            this.at = at;
        }

        @Override
        public int rows() {
            return at.rows;
        }

        @Override
        public SortedNumbers sorted(int[] rows) {
            return SpilledSort.of(this, rows, at.spill);
        }
    }

    /** Each value is a double, NaN where it is missing. */
    Numbers reals() {
        return new View(this) {
            @Override
            public double at(int row) {
                return at.real(row);
            }
        };
    }

    /** Numbers of a plain CSV file, 8 bytes each. */
    record Plain(SpilledColumn at, ColumnType type, boolean canonical, Supplier<Texts> again) implements Spilled {
        @Override
        public Numbers numberView() {
            return at.reals();
        }

        @Override
        public Texts textView() {
            if (!canonical) {
                return again.get();
            }
            return new Texts() {
                @Override
                public int rows() {
                    return at.rows;
                }

                @Override
                public @Nullable String at(int row) {
                    return NumberBlocks.canonical(at.real(row));
                }
            };
        }
    }

    /** Numbers of a Parquet file: 8 bytes as in {@link NumberColumn}, then one that is not 0 where a value is missing. */
    record Typed(SpilledColumn at, ColumnType type) implements Spilled {
        static final int BYTES = Long.BYTES + 1;

        @Override
        public Numbers numberView() {
            return type == ColumnType.REAL
                    ? at.reals()
                    : new View(at) {
                        @Override
                        public double at(int row) {
                            return super.at.flag(row, Long.BYTES) ? Double.NaN : super.at.whole(row);
                        }
                    };
        }

        @Override
        public Texts textView() {
            return new Texts() {
                @Override
                public int rows() {
                    return at.rows;
                }

                @Override
                public @Nullable String at(int row) {
                    return NumberColumn.text(type, at.whole(row), at.flag(row, Long.BYTES));
                }
            };
        }
    }

    /** A column that lies in files. */
    interface Spilled extends TableColumn {
        @Override
        default @Nullable String obstacle() {
            return null;
        }

        @Override
        default long firstInfinity() {
            return 0;
        }

        @Override
        default double[] numbers() {
            var view = numberView();
            var numbers = new double[view.rows()];
            for (int row = 0; row < numbers.length; row++) {
                numbers[row] = view.at(row);
            }
            return numbers;
        }

        @Override
        default @Nullable String[] texts() {
            var view = textView();
            var texts = new @Nullable String[view.rows()];
            for (int row = 0; row < texts.length; row++) {
                texts[row] = view.at(row);
            }
            return texts;
        }
    }

    /** What a value is as a number, by its own syntax; NaN for text. */
    static double number(@Nullable String value) {
        if (value == null) {
            return Double.NaN;
        }
        return switch (ValueSyntax.of(value)) {
            case INTEGER, REAL -> Double.parseDouble(value);
            case BOOLEAN -> Character.toLowerCase(value.charAt(0)) == 't' ? 1 : 0;
            case DATE -> LocalDate.parse(value).toEpochDay();
            case DECIMAL_COMMA, INFINITE, TEXT -> Double.NaN;
        };
    }
}
