package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table, or one array of a dataset of arrays, as it may leave the node: never a value of it.
 *
 * @param missing how many rows have no value here
 * @param dtype of an array's elements, e.g. {@code F32} (safetensors' names); {@code null} for a column
 * @param shape of one sample of an array, e.g. {@code [1, 28, 28]}; empty for a column and for one number a sample
 * @param content what stands in an array's places, where models are only comparable if it is the same everywhere: the
 *     channels and units of a signal, how many variants and a checksum of their list; {@code null} where nothing is to be
 *     said
 */
public record ColumnDescription(
        String name,
        ColumnType type,
        long missing,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String dtype,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> shape,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String content) {
    public ColumnDescription(String name, ColumnType type, long missing) {
        this(name, type, missing, null, List.of(), null);
    }

    public ColumnDescription(String name, ColumnType type, long missing, @Nullable String dtype, List<Long> shape) {
        this(name, type, missing, dtype, shape, null);
    }

    /** @param shape {@code null} where a message of a party that knows only tables leaves it out */
    public ColumnDescription(
            String name,
            ColumnType type,
            long missing,
            @Nullable String dtype,
            @Nullable List<Long> shape,
            @Nullable String content) {
        this.name = name;
        this.type = type;
        this.missing = missing;
        this.dtype = dtype;
        this.shape = shape == null ? List.of() : List.copyOf(shape);
        this.content = content;
    }

    /** The same under another name. */
    public ColumnDescription named(String other) {
        return new ColumnDescription(other, type, missing, dtype, shape, content);
    }
}
