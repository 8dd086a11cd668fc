package fedbiomed.data.tabular;

import org.jspecify.annotations.Nullable;

/** Where the values of a column of any type go, one row after the other. */
interface ColumnSink {
    /** A value as it is; {@code null} for a missing one. */
    void addValue(@Nullable String value, long line);

    /** A field of a file in which some texts stand for missing values. */
    default void add(String field, long line) {
        var value = field.strip();
        addValue(MissingValues.isMissing(value) ? null : value, line);
    }
}
