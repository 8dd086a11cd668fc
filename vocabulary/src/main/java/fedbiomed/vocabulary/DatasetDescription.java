package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a node tells about a dataset; everything in it may leave the node.
 *
 * @param id unique at its node, e.g. {@code breast-cancer-1f3a}
 * @param kind e.g. {@code csv}
 * @param shape rows, columns
 * @param columns in the file's order
 * @param fingerprint SHA-256 of the content, so that a changed file is noticed
 */
public record DatasetDescription(
        String id,
        String name,
        String kind,
        SortedSet<String> tags,
        String description,
        List<Long> shape,
        List<ColumnDescription> columns,
        String fingerprint) {
    public DatasetDescription {
        tags = new TreeSet<>(tags);
        shape = List.copyOf(shape);
        if (shape.isEmpty()) {
            throw new IllegalArgumentException("a dataset's shape has its number of samples first");
        }
        columns = List.copyOf(columns);
    }

    /** How a plan reads it, whatever its kind is called. */
    @JsonIgnore
    public DataForm form() {
        if (columns.isEmpty()) {
            return DataForm.FILES;
        }
        return columns.stream().allMatch(column -> column.dtype() == null) ? DataForm.TABLE : DataForm.ARRAYS;
    }

    /** Number of samples: the first dimension of the shape. */
    public long rows() {
        return shape.getFirst();
    }
}
