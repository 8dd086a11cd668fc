package fedbiomed.vocabulary;

/** What the values of a table's column are, missing ones apart. */
public enum ColumnType {
    /** Whole numbers that fit 64 bits. */
    INTEGER,
    /** Finite real numbers (binary64). */
    REAL,
    BOOLEAN,
    TEXT,
    /** Every value is missing. */
    EMPTY,
    /** Days; as numbers they are counted from 1970-01-01, as text they are {@code yyyy-MM-dd} (ISO 8601). */
    DATE,
    /** One of few texts; {@link ColumnDetail} says of how many. */
    CATEGORICAL;

    /** What a party that is older than {@link #DATE} and {@link #CATEGORICAL} can do with such a column. */
    ColumnType known() {
        return switch (this) {
            case DATE -> INTEGER;
            case CATEGORICAL -> TEXT;
            default -> this;
        };
    }
}
