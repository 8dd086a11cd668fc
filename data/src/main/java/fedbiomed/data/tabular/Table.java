package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Columns of a table in memory, in the order in which they were asked for. Unmodifiable. */
public final class Table {
    /** How many names of columns an error lists. */
    private static final int NAMES_SHOWN = 20;

    private final CsvProblem problem;
    private final int rows;
    private final SequencedMap<String, ? extends TableColumn> columns;

    /** @param columns each with {@code rows} values */
    Table(CsvProblem problem, int rows, SequencedMap<String, ? extends TableColumn> columns) {
        this.problem = problem;
        this.rows = rows;
        this.columns = columns;
    }

    public int rows() {
        return rows;
    }

    /**
     * The same values under other names, in their order.
     *
     * @param from present names by the new ones
     * @throws FedbiomedException DATA_UNFIT if there is no such column
     */
    public Table renamed(SequencedMap<String, String> from) {
        var renamed = new LinkedHashMap<String, TableColumn>();
        from.forEach((name, present) -> renamed.put(name, column(present)));
        return new Table(problem, rows, renamed);
    }

    /**
     * With other values in one column, whose type is found anew from them.
     *
     * @param values one a row, as they would be written in a file; {@code null} where one is missing
     */
    public Table withValues(String column, @Nullable String[] values) {
        if (values.length != rows) {
            throw new IllegalArgumentException(values.length + " values for " + rows + " rows");
        }
        var replaced = new LinkedHashMap<String, TableColumn>(columns);
        replaced.put(column, column(values));
        return new Table(problem, rows, replaced);
    }

    /** A column of such values. */
    static Column column(@Nullable String[] values) {
        var column = new Column(null);
        for (int row = 0; row < values.length; row++) {
            column.add(Objects.requireNonNullElse(values[row], ""), row + 1L);
        }
        return column;
    }

    public List<String> columnNames() {
        return List.copyOf(columns.keySet());
    }

    public boolean has(String column) {
        return columns.containsKey(column);
    }

    /**
     * A column's type, found from all of its values.
     *
     * @throws FedbiomedException DATA_UNFIT if there is no such column
     */
    public ColumnType type(String column) {
        return column(column).type();
    }

    /**
     * A column of numbers, of true (1) and false (0) or of dates (days since 1970-01-01), a fresh array with a value a row; NaN where one is missing.
     *
     * @throws FedbiomedException DATA_UNFIT if there is no such column, if it holds text, or infinities; names the column,
     *     its type and what columns there are
     */
    public double[] numbers(String column) {
        var found = column(column);
        requireNumbers(column, found);
        return found.numbers();
    }

    private void requireNumbers(String name, TableColumn column) {
        var obstacle = column.obstacle();
        if (obstacle != null) {
            throw problem.of("column '" + Text.shown(name) + "' is " + column.type()
                    + (obstacle.isEmpty()
                            ? ", but numbers are needed; the columns read are " + shown(columns.keySet())
                            : ": " + obstacle));
        }
        if (column.firstInfinity() != 0) {
            throw infinities(problem, name, column.firstInfinity());
        }
    }

    /**
     * A column of any type as it is written, white space around it apart; {@code null} where a value is missing.
     *
     * @throws FedbiomedException DATA_UNFIT if there is no such column
     */
    public @Nullable String[] texts(String column) {
        return column(column).texts();
    }

    private TableColumn column(String name) {
        var column = columns.get(name);
        if (column == null) {
            throw noSuchColumn(problem, name, columns.keySet());
        }
        return column;
    }

    static FedbiomedException noSuchColumn(CsvProblem problem, String name, Collection<String> there) {
        return problem.of("there is no column '" + Text.shown(name) + "'; there are " + shown(there));
    }

    static FedbiomedException infinities(CsvProblem problem, String name, long line) {
        return problem.atLine(
                line,
                "column '" + Text.shown(name)
                        + "' has an infinite number (perhaps on further lines too); nothing can be trained on it: correct"
                        + " it or leave it empty");
    }

    private static String shown(Collection<String> names) {
        var some = String.join(
                ", ", names.stream().limit(NAMES_SHOWN).map(Text::shown).toList());
        return names.size() <= NAMES_SHOWN ? some : some + " and " + (names.size() - NAMES_SHOWN) + " more";
    }
}
