package fedbiomed.data.tabular;

import org.jspecify.annotations.Nullable;

/** A column as it is written, white space around values apart, wherever it lies. Several threads may read at a time. */
public interface Texts {
    int rows();

    /** {@code null} where a value is missing. */
    @Nullable
    String at(int row);

    /** @param values not copied */
    static Texts of(@Nullable String[] values) {
        return new Texts() {
            @Override
            public int rows() {
                return values.length;
            }

            @Override
            public @Nullable String at(int row) {
                return values[row];
            }
        };
    }
}
