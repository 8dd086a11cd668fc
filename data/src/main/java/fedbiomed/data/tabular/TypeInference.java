package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;

/** Finds a column's type from all of its values, one after the other. */
final class TypeInference {
    private long integers;
    private long reals;
    private long infinities;
    private long booleans;
    private long commas;
    private long values;
    private long missing;
    private long firstInfinity;

    /** @param line where the value stands, for {@link #firstInfinity} */
    void accept(String trimmed, long line) {
        if (MissingValues.isMissing(trimmed)) {
            missing++;
            return;
        }
        values++;
        switch (ValueSyntax.of(trimmed)) {
            case INTEGER -> integers++;
            case REAL -> reals++;
            case BOOLEAN -> booleans++;
            case DECIMAL_COMMA -> commas++;
            case INFINITE -> {
                firstInfinity = infinities == 0 ? line : firstInfinity;
                infinities++;
            }
            case TEXT -> {}
        }
    }

    /** A column of numbers some of which are infinite is {@link ColumnType#REAL}; see {@link #firstInfinity}. */
    ColumnType type() {
        if (values == 0) {
            return ColumnType.EMPTY;
        }
        if (integers == values) {
            return ColumnType.INTEGER;
        }
        if (integers + reals + infinities == values) {
            return ColumnType.REAL;
        }
        return booleans == values ? ColumnType.BOOLEAN : ColumnType.TEXT;
    }

    /** The first line on which a column of numbers has an infinity; 0 if it has none. */
    long firstInfinity() {
        return type() == ColumnType.REAL ? firstInfinity : 0;
    }

    /** Whether all values would be numbers if their commas were decimal points. */
    boolean decimalCommas() {
        return commas > 0 && integers + reals + commas == values;
    }

    long missing() {
        return missing;
    }
}
