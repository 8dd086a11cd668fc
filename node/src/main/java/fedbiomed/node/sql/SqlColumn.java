package fedbiomed.node.sql;

import fedbiomed.vocabulary.Text;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.Locale;
import org.duckdb.DuckDBAppender;

/**
 * A column of a query's result, and what it becomes.
 *
 * @param index from 1
 */
record SqlColumn(String name, int index, Type type) {
    /** Of the snapshot's columns, as DuckDB names them. */
    enum Type {
        BOOLEAN,
        BIGINT,
        DOUBLE,
        DATE,
        VARCHAR
    }

    private static final int MAX_WHOLE_DIGITS = 18;

    static SqlColumn of(String name, int index, ResultSetMetaData about) throws SQLException {
        return new SqlColumn(
                name,
                index,
                switch (about.getColumnType(index)) {
                    case Types.BIT, Types.BOOLEAN -> Type.BOOLEAN;
                    case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Type.BIGINT;
                    case Types.REAL, Types.FLOAT, Types.DOUBLE -> Type.DOUBLE;
                    case Types.NUMERIC, Types.DECIMAL ->
                        about.getScale(index) == 0
                                        && about.getPrecision(index) > 0
                                        && about.getPrecision(index) <= MAX_WHOLE_DIGITS
                                ? Type.BIGINT
                                : Type.DOUBLE;
                    case Types.DATE -> Type.DATE;
                    case Types.CHAR,
                            Types.VARCHAR,
                            Types.LONGVARCHAR,
                            Types.NCHAR,
                            Types.NVARCHAR,
                            Types.LONGNVARCHAR,
                            Types.CLOB,
                            Types.NCLOB,
                            Types.TIME,
                            Types.TIMESTAMP,
                            Types.TIME_WITH_TIMEZONE,
                            Types.TIMESTAMP_WITH_TIMEZONE,
                            Types.NULL -> Type.VARCHAR;
                    default -> byName(name, String.valueOf(about.getColumnTypeName(index)));
                });
    }

    private static Type byName(String column, String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "HUGEINT", "UHUGEINT", "UBIGINT" -> Type.DOUBLE;
            case "UINTEGER", "USMALLINT", "UTINYINT" -> Type.BIGINT;
            case "UUID", "ENUM" -> Type.VARCHAR;
            default ->
                throw ParquetSnapshot.unfit("column '" + Text.shown(column) + "' of the query is of type "
                        + Text.shown(type) + ", which is no column of a table; leave it out, or CAST it in the query");
        };
    }

    void append(ResultSet result, DuckDBAppender appender, long row) throws SQLException {
        var value = result.getObject(index);
        if (value == null) {
            appender.appendNull();
            return;
        }
        switch (type) {
            case BOOLEAN -> appender.append(result.getBoolean(index));
            case BIGINT -> appender.append(whole(value, row));
            case DOUBLE -> {
                if (!(value instanceof Number number)) {
                    throw unlike(row);
                }
                appender.append(number.doubleValue());
            }
            case DATE -> appender.append(date(value, row));
            case VARCHAR -> appender.append(result.getString(index));
        }
    }

    private long whole(Object value, long row) {
        if (!(value instanceof Number number)) {
            throw unlike(row);
        }
        try {
            return new BigDecimal(number.toString()).longValueExact();
        } catch (ArithmeticException _) {
            throw unlike(row);
        }
    }

    private LocalDate date(Object value, long row) {
        return switch (value) {
            case LocalDate date -> date;
            case java.sql.Date date -> date.toLocalDate();
            default -> throw unlike(row);
        };
    }

    /** Some databases do not hold a column to its type. */
    private RuntimeException unlike(long row) {
        return ParquetSnapshot.unfit("row " + row + " of the query: column '" + Text.shown(name) + "' is of type "
                + type + ", and this value is not (perhaps in further rows too); CAST the column in the query");
    }
}
