package fedbiomed.data.tabular;

import java.util.Arrays;
import java.util.PrimitiveIterator;

/** Numbers in ascending order, once. */
public final class SortedNumbers implements AutoCloseable {
    private final long count;
    private final PrimitiveIterator.OfDouble values;
    private final Runnable closing;

    /** @param closing gives back what the values lie in */
    SortedNumbers(long count, PrimitiveIterator.OfDouble values, Runnable closing) {
        this.count = count;
        this.values = values;
        this.closing = closing;
    }

    static SortedNumbers inMemory(Numbers column, int[] rows) {
        var sorted = Arrays.stream(rows)
                .mapToDouble(column::at)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return new SortedNumbers(sorted.length, Arrays.stream(sorted).iterator(), () -> {});
    }

    public long count() {
        return count;
    }

    public PrimitiveIterator.OfDouble values() {
        return values;
    }

    @Override
    public void close() {
        closing.run();
    }
}
