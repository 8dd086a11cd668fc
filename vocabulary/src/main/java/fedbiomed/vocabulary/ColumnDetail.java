package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a column beyond the types that every version knows. Older parties pass it over.
 *
 * @param type {@link ColumnType#DATE} or {@link ColumnType#CATEGORICAL}; {@code null} for one that a newer party knows
 * @param categories how many different values a categorical column has or, if they are declared, may have; 0 for a date
 * @param values those that the data manager declared for all to see, in that order; empty where the data alone say them
 */
public record ColumnDetail(
        @Nullable ColumnType type,
        long categories,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> values) {
    public static final ColumnDetail DATE = new ColumnDetail(ColumnType.DATE, 0, List.of());

    public ColumnDetail(@Nullable ColumnType type, long categories, @Nullable List<String> values) {
        this.type = type;
        this.categories = categories;
        this.values = values == null ? List.of() : List.copyOf(values);
    }
}
