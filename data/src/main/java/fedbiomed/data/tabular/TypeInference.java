package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;

/** Finds a column's type from all of its values, one after the other. */
final class TypeInference {
    private final long[] seen = new long[ValueSyntax.values().length];
    private long values;
    private long missing;
    private long firstInfinity;

    /** @param line where the value stands, for {@link #firstInfinity} */
    void accept(String trimmed, long line) {
        if (MissingValues.isMissing(trimmed)) {
            missing++;
            return;
        }
        var syntax = ValueSyntax.of(trimmed);
        seen[syntax.ordinal()]++;
        values++;
        if (syntax == ValueSyntax.INFINITE && firstInfinity == 0) {
            firstInfinity = line;
        }
    }

    private long seen(ValueSyntax syntax) {
        return seen[syntax.ordinal()];
    }

    private long finite() {
        return seen(ValueSyntax.INTEGER) + seen(ValueSyntax.REAL);
    }

    /** A column of numbers some of which are infinite is {@link ColumnType#REAL}; see {@link #firstInfinity}. */
    ColumnType type() {
        if (values == 0) {
            return ColumnType.EMPTY;
        }
        if (seen(ValueSyntax.INTEGER) == values) {
            return ColumnType.INTEGER;
        }
        if (finite() + seen(ValueSyntax.INFINITE) == values) {
            return ColumnType.REAL;
        }
        return seen(ValueSyntax.BOOLEAN) == values ? ColumnType.BOOLEAN : ColumnType.TEXT;
    }

    /** The first line on which a column of numbers has an infinity; 0 if it has none. */
    long firstInfinity() {
        return type() == ColumnType.REAL ? firstInfinity : 0;
    }

    /** Whether all values would be numbers if their commas were decimal points. */
    boolean decimalCommas() {
        return seen(ValueSyntax.DECIMAL_COMMA) > 0 && finite() + seen(ValueSyntax.DECIMAL_COMMA) == values;
    }

    long missing() {
        return missing;
    }
}
