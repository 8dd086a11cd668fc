package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.lang.ref.SoftReference;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A column of any type as it was written, and what is known of its type so far. */
final class Column implements TableColumn, ColumnSink {
    private final ColumnText text = new ColumnText();
    private final TypeInference inference;

    /** A table that is used again needs not parse again; where memory is needed for something else, it does. */
    private volatile SoftReference<double[]> parsed = new SoftReference<>(null);

    /** @param declared {@code null} if its values tell its type */
    Column(@Nullable DeclaredType declared) {
        this.inference = new TypeInference(declared);
    }

    @Override
    public void addValue(@Nullable String value, long line) {
        inference.accept(value, line);
        text.add(value);
    }

    TypeInference inference() {
        return inference;
    }

    int rows() {
        return text.rows();
    }

    @Override
    public ColumnType type() {
        return inference.type();
    }

    /** Of the heap, with its numbers. */
    long bytes() {
        return text.bytes() + (long) Double.BYTES * rows();
    }

    @Override
    public @Nullable String obstacle() {
        return obstacle(inference);
    }

    static @Nullable String obstacle(TypeInference inference) {
        if (inference.decimalCommas()) {
            return "its numbers are written with a decimal comma; save the file with decimal points";
        }
        var type = inference.type();
        return type == ColumnType.TEXT || type == ColumnType.CATEGORICAL ? "" : null;
    }

    @Override
    public long firstInfinity() {
        return inference.firstInfinity();
    }

    @Override
    public double[] numbers() {
        return parsed().clone();
    }

    @Override
    public Numbers numberView() {
        return Numbers.of(parsed());
    }

    private double[] parsed() {
        var numbers = parsed.get();
        if (numbers == null) {
            numbers = parse();
            parsed = new SoftReference<>(numbers);
        }
        return numbers;
    }

    private double[] parse() {
        boolean dates = type() == ColumnType.DATE;
        var numbers = new double[rows()];
        for (int row = 0; row < numbers.length; row++) {
            var value = text.get(row);
            numbers[row] =
                    value == null ? Double.NaN : dates ? LocalDate.parse(value).toEpochDay() : number(value);
        }
        return numbers;
    }

    private static double number(String value) {
        return switch (value.charAt(0)) {
            case 't', 'T' -> 1;
            case 'f', 'F' -> 0;
            default -> Double.parseDouble(value);
        };
    }

    @Override
    public @Nullable String[] texts() {
        var texts = new @Nullable String[rows()];
        for (int row = 0; row < texts.length; row++) {
            texts[row] = text.get(row);
        }
        return texts;
    }
}
