package fedbiomed.data.tabular;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Different texts, numbered from 0 in the order in which they were added; as UTF-8 with a table of hashes. */
final class TextDictionary {
    private static final int INITIAL_SLOTS = 1 << 8;
    /** So many are kept as Strings, too, when all are there: categories are looked at again and again. */
    private static final int MAX_STRINGS = 1 << 14;

    private final ColumnText texts = new ColumnText();
    /** Number of a text + 1, at its hash or the next free place; 0: free. */
    private int[] slots = new int[INITIAL_SLOTS];

    private volatile @Nullable String @Nullable [] strings;

    /** The number of a text, which is added if it is not there. @throws ArithmeticException beyond 2^31 bytes */
    int code(String text) {
        int mask = slots.length - 1;
        int slot = spread(text) & mask;
        while (slots[slot] != 0) {
            if (text.equals(texts.get(slots[slot] - 1))) {
                return slots[slot] - 1;
            }
            slot = slot + 1 & mask;
        }
        texts.add(text);
        slots[slot] = texts.rows();
        if (texts.rows() > slots.length / 2) {
            grow();
        }
        return texts.rows() - 1;
    }

    private static int spread(String text) {
        int hash = text.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    private void grow() {
        var grown = new int[Math.multiplyExact(slots.length, 2)];
        for (int code = 0; code < texts.rows(); code++) {
            int slot = spread(text(code)) & grown.length - 1;
            while (grown[slot] != 0) {
                slot = slot + 1 & grown.length - 1;
            }
            grown[slot] = code + 1;
        }
        slots = grown;
    }

    int size() {
        return texts.rows();
    }

    /** Of the heap. */
    long bytes() {
        return texts.bytes() + (long) Integer.BYTES * slots.length;
    }

    /** After the last was added: what finds a text's number is given up. */
    void complete() {
        slots = new int[0];
        if (size() <= MAX_STRINGS) {
            var all = new @Nullable String[size()];
            Arrays.setAll(all, texts::get);
            strings = all;
        }
    }

    String text(int code) {
        var all = strings;
        return String.valueOf(all == null ? texts.get(code) : all[code]);
    }
}
