package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of a Parquet file as it is fetched.
 *
 * @param type what it is; of text what its values tell or the data manager declares
 * @param fetched the SQL type in which its values come: BIGINT, DOUBLE or VARCHAR
 */
record ParquetColumn(String name, ColumnType type, String fetched) {
    /** The file says it, whatever the values look like. */
    static final DeclaredType AS_TEXT = new DeclaredType(ColumnType.TEXT, List.of());

    static final String WHOLE = "BIGINT";
    static final String REAL = "DOUBLE";
    static final String TEXT = "VARCHAR";

    private static final Map<String, ColumnType> TYPES = Map.ofEntries(
            Map.entry("TINYINT", ColumnType.INTEGER),
            Map.entry("SMALLINT", ColumnType.INTEGER),
            Map.entry("INTEGER", ColumnType.INTEGER),
            Map.entry("BIGINT", ColumnType.INTEGER),
            Map.entry("UTINYINT", ColumnType.INTEGER),
            Map.entry("USMALLINT", ColumnType.INTEGER),
            Map.entry("UINTEGER", ColumnType.INTEGER),
            Map.entry("UBIGINT", ColumnType.REAL),
            Map.entry("HUGEINT", ColumnType.REAL),
            Map.entry("UHUGEINT", ColumnType.REAL),
            Map.entry("FLOAT", ColumnType.REAL),
            Map.entry("DOUBLE", ColumnType.REAL),
            Map.entry("BOOLEAN", ColumnType.BOOLEAN),
            Map.entry("DATE", ColumnType.DATE),
            Map.entry("VARCHAR", ColumnType.TEXT),
            Map.entry("UUID", ColumnType.TEXT),
            Map.entry("TIME", ColumnType.TEXT),
            Map.entry("TIME_NS", ColumnType.TEXT),
            Map.entry("TIME WITH TIME ZONE", ColumnType.TEXT),
            Map.entry("TIMESTAMP", ColumnType.TEXT),
            Map.entry("TIMESTAMP_NS", ColumnType.TEXT),
            Map.entry("TIMESTAMP_MS", ColumnType.TEXT),
            Map.entry("TIMESTAMP_S", ColumnType.TEXT));

    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(.*\\)");
    private static final Pattern ENUM = Pattern.compile("ENUM\\(.*\\)", Pattern.DOTALL);

    /** {@code null} for a type that is no column of a table: lists, structures, maps, bytes. */
    static @Nullable ParquetColumn of(String name, String sqlType, @Nullable DeclaredType declared) {
        var type = DECIMAL.matcher(sqlType).matches()
                ? ColumnType.REAL
                : ENUM.matcher(sqlType).matches()
                        ? ColumnType.TEXT
                        : sqlType.equals("TIMESTAMP WITH TIME ZONE") ? ColumnType.TEXT : TYPES.get(sqlType);
        if (type == null) {
            return null;
        }
        if (declared != null && declared.type() != type) {
            return new ParquetColumn(name, ColumnType.TEXT, TEXT);
        }
        return new ParquetColumn(
                name,
                type,
                switch (type) {
                    case INTEGER, BOOLEAN, DATE -> WHOLE;
                    case REAL -> REAL;
                    default -> TEXT;
                });
    }

    /** Its values as an expression of SQL. NaN is a missing value, as in a CSV file. */
    String expression() {
        var column = DuckDb.name(name);
        return switch (type) {
            case DATE -> "datediff('day', DATE '1970-01-01', " + column + ")::BIGINT";
            case REAL -> "CASE WHEN isnan(" + column + "::DOUBLE) THEN NULL ELSE " + column + "::DOUBLE END";
            default -> column + "::" + fetched;
        };
    }
}
