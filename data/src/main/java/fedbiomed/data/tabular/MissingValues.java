package fedbiomed.data.tabular;

import java.util.List;
import java.util.Set;

/**
 * What stands for "no value" in a table, white space around it apart: nothing, {@code NA}, {@code N/A}, {@code n/a} (that of
 * BIDS), {@code NaN}, {@code nan}, {@code null}, {@code NULL}, {@code ?} and {@code -}; in this spelling only.
 */
public final class MissingValues {
    /** The spellings, the empty text first. */
    public static final List<String> SPELLINGS =
            List.of("", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-");

    private static final int LONGEST =
            SPELLINGS.stream().mapToInt(String::length).max().orElse(0);
    private static final Set<String> SET = Set.copyOf(SPELLINGS);

    private MissingValues() {}

    public static boolean isMissing(String trimmed) {
        return trimmed.length() <= LONGEST && SET.contains(trimmed);
    }
}
