package fedbiomed.data.tabular;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A column's values as written, trimmed, as UTF-8 one after the other: about a third of what Strings would take. */
final class ColumnText {
    private static final int INITIAL_BYTES = 1 << 10;
    private static final int INITIAL_ROWS = 1 << 7;

    private byte[] utf8 = new byte[INITIAL_BYTES];
    /** Where each value ends in {@link #utf8}; it begins where the one before ends. */
    private int[] ends = new int[INITIAL_ROWS];

    private final BitSet missing = new BitSet();
    private int rows;
    private int size;

    /** @throws ArithmeticException if the column has over 2^31 rows or bytes */
    void add(@Nullable String value) {
        if (rows == ends.length) {
            ends = Arrays.copyOf(ends, grown(ends.length, rows + 1L));
        }
        if (value == null) {
            missing.set(rows);
        } else {
            var bytes = value.getBytes(StandardCharsets.UTF_8);
            if ((long) size + bytes.length > utf8.length) {
                utf8 = Arrays.copyOf(utf8, grown(utf8.length, (long) size + bytes.length));
            }
            System.arraycopy(bytes, 0, utf8, size, bytes.length);
            size += bytes.length;
        }
        ends[rows++] = size;
    }

    private static int grown(int length, long needed) {
        long limit = Integer.MAX_VALUE - 8L;
        if (needed > limit) {
            throw new ArithmeticException("over " + limit);
        }
        return (int) Math.min(limit, Math.max(needed, length * 3L / 2));
    }

    int rows() {
        return rows;
    }

    /** Of the heap. */
    long bytes() {
        return utf8.length + (long) Integer.BYTES * ends.length;
    }

    /** Value of a row; {@code null} if it is missing. */
    @Nullable
    String get(int row) {
        if (missing.get(row)) {
            return null;
        }
        int begin = row == 0 ? 0 : ends[row - 1];
        return new String(utf8, begin, ends[row] - begin, StandardCharsets.UTF_8);
    }
}
