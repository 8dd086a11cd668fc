package fedbiomed.data.tabular;

import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Values that belong to samples, one of each column: labels beside images, demographics beside scans. A column of whole
 * numbers or booleans is I64, of other numbers (or with missing values, NaN) F64, anything else text.
 */
public final class SampleTable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SequencedMap<String, ColumnDescription> columns = new LinkedHashMap<>();
    private final Map<String, double[]> numbers = new HashMap<>();
    private final Map<String, @Nullable String[]> texts = new HashMap<>();

    SampleTable() {}

    /** None, of any number of samples. */
    public static SampleTable none() {
        return new SampleTable();
    }

    /** One column of text. */
    public static SampleTable of(String column, @Nullable String[] values) {
        var table = new SampleTable();
        table.put(column, values);
        return table;
    }

    /** One column of whole numbers. */
    public static SampleTable of(String column, long[] values) {
        var table = new SampleTable();
        table.put(column, Arrays.stream(values).asDoubleStream().toArray(), true);
        return table;
    }

    /** One column of numbers, whole or not; NaN where one is missing. */
    public static SampleTable of(String column, double[] values) {
        var table = new SampleTable();
        table.put(column, values, false);
        return table;
    }

    /** One column whose values are numbers or text as they would be in a CSV file. */
    public static SampleTable inferred(String column, @Nullable String[] values) {
        var columns = new LinkedHashMap<String, Column>();
        columns.put(column, Table.column(values));
        var table = new SampleTable();
        var order = new int[values.length];
        Arrays.setAll(order, i -> i);
        table.put(new Table(new CsvProblem(Path.of("the dataset")), values.length, columns), column, order);
        return table;
    }

    /**
     * The columns of a CSV file beside its key, in the order of {@code keys}.
     *
     * @param key the column that names the sample; empty for the first one
     * @param keys of the samples; a row with another key is left out
     * @param sample what a sample is, for errors, e.g. {@code image}
     * @throws FedbiomedException DATA_UNFIT if the file is not fit, two rows have one key, or a sample has no row; keys are
     *     counted, not named
     */
    public static SampleTable joined(Path csv, String key, List<String> keys, String sample) {
        return KeyedTable.read(csv, key).rows(keys, sample);
    }

    void put(Table table, String column, int[] order) {
        switch (table.type(column)) {
            case INTEGER, BOOLEAN, REAL -> {
                var all = table.numbers(column);
                var values = Arrays.stream(order).mapToDouble(row -> all[row]).toArray();
                put(column, values, table.type(column) != ColumnType.REAL);
            }
            case TEXT, EMPTY, DATE, CATEGORICAL -> {
                var all = table.texts(column);
                put(column, Arrays.stream(order).mapToObj(row -> all[row]).toArray(String[]::new));
            }
        }
    }

    private void put(String column, double[] values, boolean whole) {
        long missing = Arrays.stream(values).filter(Double::isNaN).count();
        // beyond 2^53 a double no longer holds every whole number
        boolean exact = whole && missing == 0 && Arrays.stream(values).allMatch(v -> Math.abs(v) <= 1L << 53);
        columns.put(
                column,
                new ColumnDescription(
                        column,
                        exact ? ColumnType.INTEGER : ColumnType.REAL,
                        missing,
                        (exact ? DType.I64 : DType.F64).name(),
                        List.of()));
        numbers.put(column, values);
    }

    private void put(String column, @Nullable String[] values) {
        long missing = Arrays.stream(values).filter(Objects::isNull).count();
        var type = missing == values.length ? ColumnType.EMPTY : ColumnType.TEXT;
        columns.put(column, new ColumnDescription(column, type, missing));
        texts.put(column, values);
    }

    /**
     * The values of some of the samples, in this order, each as often as it is named: those of a recording for each of
     * its windows.
     */
    public SampleTable select(int[] samples) {
        var selected = new SampleTable();
        columns.forEach((name, column) -> {
            var text = texts.get(name);
            if (text == null) {
                var all = Objects.requireNonNull(numbers.get(name));
                selected.put(
                        name,
                        Arrays.stream(samples).mapToDouble(i -> all[i]).toArray(),
                        column.type() == ColumnType.INTEGER);
            } else {
                selected.put(name, Arrays.stream(samples).mapToObj(i -> text[i]).toArray(String[]::new));
            }
        });
        return selected;
    }

    /** These columns and then those of the table of labels, as {@link #with(SampleTable, String)}. */
    public SampleTable with(SampleTable labels) {
        return with(labels, "the table of labels");
    }

    /**
     * These columns and then those of another table of the same samples.
     *
     * @param where the others are from, for errors
     * @throws FedbiomedException DATA_UNFIT if both have a column of one name
     */
    public SampleTable with(SampleTable other, String where) {
        var both = new SampleTable();
        for (var table : List.of(this, other)) {
            table.columns.keySet().forEach(name -> both.requireFree(name, where));
            both.columns.putAll(table.columns);
            both.numbers.putAll(table.numbers);
            both.texts.putAll(table.texts);
        }
        return both;
    }

    /** @throws FedbiomedException DATA_UNFIT if there is a column of a name that the kind of dataset uses itself */
    public void requireFree(String name) {
        requireFree(name, "the table of labels");
    }

    private void requireFree(String name, String where) {
        if (has(name)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    where + " has a column '" + Text.shown(name)
                            + "', a name that the dataset uses already; rename it");
        }
    }

    public List<ColumnDescription> columns() {
        return new ArrayList<>(columns.values());
    }

    public boolean has(String column) {
        return columns.containsKey(column);
    }

    /** As {@link SampleSource#read}. */
    public void read(String column, int sample, MemorySegment into) {
        double value = Objects.requireNonNull(numbers.get(column), column)[sample];
        if (DType.I64.name().equals(Objects.requireNonNull(columns.get(column)).dtype())) {
            into.set(LONG, 0, (long) value);
        } else {
            into.set(DOUBLE, 0, value);
        }
    }

    /** As {@link SampleSource#texts}. */
    public @Nullable String[] texts(String column) {
        var values = texts.get(column);
        if (values == null) {
            throw new IllegalArgumentException("there is no text '" + column + "'");
        }
        return values.clone();
    }
}
