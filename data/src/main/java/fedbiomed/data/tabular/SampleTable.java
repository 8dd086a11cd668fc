package fedbiomed.data.tabular;

import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
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
        var header = CsvFile.describe(csv).columns().stream()
                .map(ColumnDescription::name)
                .toList();
        var by = key.isEmpty() ? header.getFirst() : key;
        var table = CsvFile.read(csv, header);
        var rows = rows(csv, table.texts(by), by);
        var order = new int[keys.size()];
        int missing = 0;
        for (int i = 0; i < order.length; i++) {
            var row = rows.get(keys.get(i));
            if (row == null) {
                missing++;
            } else {
                order[i] = row;
            }
        }
        if (missing > 0) {
            throw unfit(
                    csv,
                    missing + " of " + keys.size() + " " + sample + "s have no row whose column '" + Text.shown(by)
                            + "' names them; add the rows, or remove these " + sample + "s");
        }
        var joined = new SampleTable();
        header.stream().filter(name -> !name.equals(by)).forEach(name -> joined.put(table, name, order));
        return joined;
    }

    private static Map<String, Integer> rows(Path csv, @Nullable String[] keys, String by) {
        var rows = new HashMap<String, Integer>();
        for (int row = 0; row < keys.length; row++) {
            var key = keys[row];
            if (key != null && rows.putIfAbsent(key, row) != null) {
                throw unfit(
                        csv,
                        "two rows have one value in column '" + Text.shown(by)
                                + "', by which samples are found (perhaps more of them, too); leave one row of each");
            }
        }
        return rows;
    }

    private void put(Table table, String column, int[] order) {
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

    private static FedbiomedException unfit(Path file, String what) {
        return new CsvProblem(file).of(what);
    }
}
