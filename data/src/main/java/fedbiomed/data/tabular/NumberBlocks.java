package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A column of numbers of a CSV file, 8 bytes each, as the file's blocks brought them. Its text, which only classes and
 * categories need, is made of them where all are whole and written as one writes them, else read from the file again.
 */
final class NumberBlocks implements TableColumn {
    private final List<double[]> blocks = new ArrayList<>();
    private final Supplier<@Nullable String[]> texts;
    private int rows;
    private boolean whole = true;
    private boolean canonical = true;
    private boolean empty = true;

    NumberBlocks(Supplier<@Nullable String[]> texts) {
        this.texts = texts;
    }

    /** @throws ArithmeticException beyond 2^31 rows */
    void add(double[] block, boolean allWhole, boolean allCanonical, boolean allMissing) {
        rows = Math.addExact(rows, block.length);
        blocks.add(block);
        whole &= allWhole;
        canonical &= allCanonical;
        empty &= allMissing;
    }

    int rows() {
        return rows;
    }

    @Override
    public ColumnType type() {
        return type(whole, empty);
    }

    static ColumnType type(boolean whole, boolean empty) {
        return empty ? ColumnType.EMPTY : whole ? ColumnType.INTEGER : ColumnType.REAL;
    }

    @Override
    public @Nullable String obstacle() {
        return null;
    }

    @Override
    public long firstInfinity() {
        return 0;
    }

    @Override
    public double[] numbers() {
        var numbers = new double[rows];
        int at = 0;
        for (var block : blocks) {
            System.arraycopy(block, 0, numbers, at, block.length);
            at += block.length;
        }
        return numbers;
    }

    @Override
    public @Nullable String[] texts() {
        if (!canonical) {
            return texts.get();
        }
        var written = new @Nullable String[rows];
        int row = 0;
        for (var block : blocks) {
            for (double value : block) {
                written[row++] = canonical(value);
            }
        }
        return written;
    }

    /** As a whole number is written without a sign or zeros that say nothing. */
    static @Nullable String canonical(double value) {
        return Double.isNaN(value) ? null : Long.toString((long) value);
    }
}
