package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a table, in the order in which they were asked for, in memory or in files ({@link TableSpace}). Unmodifiable.
 */
public final class Table implements AutoCloseable {
    /** How many names of columns an error lists. */
    private static final int NAMES_SHOWN = 20;

    private final CsvProblem problem;
    private final int rows;
    private final SequencedMap<String, ? extends TableColumn> columns;
    private final @Nullable Spill spill;

    /** @param columns each with {@code rows} values, in memory */
    Table(CsvProblem problem, int rows, SequencedMap<String, ? extends TableColumn> columns) {
        this(problem, rows, columns, null);
    }

    /** @param spill where the columns are; {@code null} where in memory */
    Table(CsvProblem problem, int rows, SequencedMap<String, ? extends TableColumn> columns, @Nullable Spill spill) {
        this.problem = problem;
        this.rows = rows;
        this.columns = columns;
        this.spill = spill;
    }

    /** Whether its columns lie in files, since they do not fit into memory. */
    public boolean isSpilled() {
        return spill != null;
    }

    /** Deletes the files of one that is spilled, after which none of its values can be read. */
    @Override
    public void close() {
        if (spill != null) {
            spill.close();
        }
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
        return new Table(problem, rows, renamed, spill);
    }

    /**
     * With other values in one column, whose type is found anew from them.
     *
     * @param recoding a value as it would be written in a file for each of the column's; {@code null} where one is missing
     */
    public Table withValues(String column, UnaryOperator<@Nullable String> recoding) {
        var own = textsOf(column);
        var replaced = new LinkedHashMap<String, TableColumn>(columns);
        replaced.put(column, spill == null ? recoded(own, recoding) : recoded(column, own, recoding, spill));
        return new Table(problem, rows, replaced, spill);
    }

    private static Column recoded(Texts own, UnaryOperator<@Nullable String> recoding) {
        var column = new Column(null);
        for (int row = 0; row < own.rows(); row++) {
            column.add(Objects.requireNonNullElse(recoding.apply(own.at(row)), ""), row + 1L);
        }
        return column;
    }

    private static SpilledText recoded(String name, Texts own, UnaryOperator<@Nullable String> recoding, Spill spill) {
        var file = spill.create(SpilledText.BYTES, 1);
        var column = new SpilledText(name, null, spill, file, 0);
        for (int row = 0; row < own.rows(); row++) {
            file.require(1);
            column.add(Objects.requireNonNullElse(recoding.apply(own.at(row)), ""), row + 1L);
            file.end(1);
        }
        column.finish(file.map(), own.rows(), false);
        return column;
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

    /** As {@link #numbers}, where they are, not copied. */
    public Numbers numbersOf(String column) {
        var found = column(column);
        requireNumbers(column, found);
        return found.numberView();
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

    /** As {@link #texts}, where they are; of a table in memory read or put together anew. */
    public Texts textsOf(String column) {
        return column(column).textView();
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
