package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import org.jspecify.annotations.Nullable;

/** A column with a value a row. */
interface TableColumn {
    ColumnType type();

    /** Why it has no numbers, and what to do; {@code null} if it has them. */
    @Nullable
    String obstacle();

    /** The first line on which a column of numbers has an infinity; 0 if it has none. */
    long firstInfinity();

    /** A fresh array; NaN where a value is missing. Only of a column without {@link #obstacle}. */
    double[] numbers();

    /** A fresh array; {@code null} where a value is missing. */
    @Nullable
    String[] texts();

    /** As {@link #numbers}, where they are. */
    default Numbers numberView() {
        return Numbers.of(numbers());
    }

    /** As {@link #texts}, where they are. */
    default Texts textView() {
        return Texts.of(texts());
    }
}
