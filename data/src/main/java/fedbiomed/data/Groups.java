package fedbiomed.data;

import fedbiomed.data.tabular.CodedTexts;
import fedbiomed.data.tabular.Texts;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.stream.IntStream;

/**
 * Which rows belong together (those of one patient, say) and are never parted.
 *
 * @param ofRow each row's group, numbered from 0 in the order in which the groups appear
 * @param count how many groups
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Groups(int[] ofRow, int count) {
    /** Every row is a group of its own. */
    public static Groups single(int rows) {
        return new Groups(IntStream.range(0, rows).toArray(), rows);
    }

    /** @param keys of each row, none {@code null}; rows of equal keys belong together */
    public static Groups of(Object[] keys) {
        var numbers = new HashMap<Object, Integer>();
        var ofRow = Arrays.stream(keys)
                .mapToInt(key -> numbers.computeIfAbsent(key, _ -> numbers.size()))
                .toArray();
        return new Groups(ofRow, numbers.size());
    }

    /** @param keys of each row, none missing; rows of equal keys belong together */
    public static Groups of(Texts keys) {
        if (keys instanceof CodedTexts coded) {
            return new Groups(IntStream.range(0, keys.rows()).map(coded::code).toArray(), coded.codes());
        }
        return of(IntStream.range(0, keys.rows()).mapToObj(keys::at).toArray());
    }

    /** How many different groups some different rows are of. */
    public long among(int[] rows) {
        if (count == ofRow.length) {
            return rows.length;
        }
        var found = new BitSet(count);
        for (int row : rows) {
            found.set(ofRow[row]);
        }
        return found.cardinality();
    }

    /** Of each group the class that most of its rows have; the lowest of several. @param classes of each row, from 0 */
    int[] classes(int[] classes) {
        if (count == ofRow.length) {
            return classes;
        }
        long most = Arrays.stream(classes).max().orElse(0) + 1L;
        var sorted = IntStream.range(0, ofRow.length)
                .mapToLong(row -> ofRow[row] * most + classes[row])
                .sorted()
                .toArray();
        var ofGroup = new int[count];
        var best = new int[count];
        int run = 0;
        for (int i = 0; i < sorted.length; i++) {
            run = i > 0 && sorted[i] == sorted[i - 1] ? run + 1 : 1;
            int group = (int) (sorted[i] / most);
            if (run > best[group]) {
                best[group] = run;
                ofGroup[group] = (int) (sorted[i] % most);
            }
        }
        return ofGroup;
    }
}
