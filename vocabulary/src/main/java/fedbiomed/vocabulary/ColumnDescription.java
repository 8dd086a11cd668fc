package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One column of a table, or one array of a dataset of arrays, as it may leave the node: never a value of it.
 *
 * @param type as {@code detail} says, where it says so; in messages the nearest that an older party knows
 * @param missing how many rows have no value here
 * @param dtype of an array's elements, e.g. {@code F32} (safetensors' names); {@code null} for a column
 * @param shape of one sample of an array, e.g. {@code [1, 28, 28]}; empty for a column and for one number a sample
 * @param content what stands in an array's places, where models are only comparable if it is the same everywhere: the
 *     channels and units of a signal, how many variants and a checksum of their list; {@code null} where nothing is to be
 *     said
 * @param detail of a date or a categorical column; {@code null} for others
 */
public record ColumnDescription(
        String name,

        @JsonSerialize(converter = ColumnDescription.Known.class)
        ColumnType type,

        long missing,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String dtype,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Long> shape,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String content,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ColumnDetail detail) {
    public ColumnDescription(String name, ColumnType type, long missing) {
        this(name, type, missing, null, List.of(), null, null);
    }

    /** Of a date or a categorical column. */
    public ColumnDescription(String name, ColumnDetail detail, long missing) {
        this(name, Objects.requireNonNull(detail.type()), missing, null, List.of(), null, detail);
    }

    /** Of an array. @param content as {@link #content} */
    public ColumnDescription(
            String name,
            ColumnType type,
            long missing,
            @Nullable String dtype,
            List<Long> shape,
            @Nullable String content) {
        this(name, type, missing, dtype, shape, content, null);
    }

    public ColumnDescription(
            String name, ColumnType type, long missing, @Nullable String dtype, @Nullable List<Long> shape) {
        this(name, type, missing, dtype, shape, null, null);
    }

    /** @param shape {@code null} where a message of a party that knows only tables leaves it out */
    public ColumnDescription(
            String name,
            ColumnType type,
            long missing,
            @Nullable String dtype,
            @Nullable List<Long> shape,
            @Nullable String content,
            @Nullable ColumnDetail detail) {
        this.name = name;
        this.type = detail == null || detail.type() == null ? type : detail.type();
        this.missing = missing;
        this.dtype = dtype;
        this.shape = shape == null ? List.of() : List.copyOf(shape);
        this.content = content;
        this.detail = detail;
    }

    /** The same under another name. */
    public ColumnDescription named(String other) {
        return new ColumnDescription(other, type, missing, dtype, shape, content, detail);
    }

    /** A party that does not know a type could not read the message at all. */
    static final class Known extends StdConverter<ColumnType, ColumnType> {
        @Override
        public ColumnType convert(ColumnType type) {
            return type.known();
        }
    }
}
