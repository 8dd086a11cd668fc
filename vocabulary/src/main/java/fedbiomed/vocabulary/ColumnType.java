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
    EMPTY
}
