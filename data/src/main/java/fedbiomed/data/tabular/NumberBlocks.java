package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A column of numbers of a CSV file, 8 bytes each, as the file's blocks brought them. Its text, which only a target's
 * classes need, is read from the file again.
 */
final class NumberBlocks implements TableColumn {
    private final List<double[]> blocks = new ArrayList<>();
    private final Supplier<@Nullable String[]> texts;
    private int rows;
    private boolean whole = true;
    private boolean empty = true;

    NumberBlocks(Supplier<@Nullable String[]> texts) {
        this.texts = texts;
    }

    /** @throws ArithmeticException beyond 2^31 rows */
    void add(double[] block, boolean allWhole, boolean allMissing) {
        rows = Math.addExact(rows, block.length);
        blocks.add(block);
        whole &= allWhole;
        empty &= allMissing;
    }

    int rows() {
        return rows;
    }

    @Override
    public ColumnType type() {
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
        return texts.get();
    }
}
