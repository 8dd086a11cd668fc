package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells about a dataset; everything in it may leave the node.
 *
 * @param id unique at its node, e.g. {@code breast-cancer-1f3a}
 * @param kind e.g. {@code csv}
 * @param shape rows, columns
 * @param columns in the file's order
 * @param fingerprint SHA-256 of the content and of how it is read, so that a change is noticed
 * @param loadingPlan under which the columns have their names and values; {@code null} where under the node's own
 */
public record DatasetDescription(
        String id,
        String name,
        String kind,
        SortedSet<String> tags,
        String description,
        List<Long> shape,
        List<ColumnDescription> columns,
        String fingerprint,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LoadingPlanDescription loadingPlan) {
    /** Without a loading plan. */
    public DatasetDescription(
            String id,
            String name,
            String kind,
            SortedSet<String> tags,
            String description,
            List<Long> shape,
            List<ColumnDescription> columns,
            String fingerprint) {
        this(id, name, kind, tags, description, shape, columns, fingerprint, null);
    }

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

    /** The same under another id. */
    public DatasetDescription withId(String other) {
        return new DatasetDescription(other, name, kind, tags, description, shape, columns, fingerprint, loadingPlan);
    }

    /** The same with another content. */
    public DatasetDescription withContent(
            List<Long> newShape, List<ColumnDescription> newColumns, String newFingerprint) {
        return new DatasetDescription(
                id, name, kind, tags, description, newShape, newColumns, newFingerprint, loadingPlan);
    }

    /** Number of samples: the first dimension of the shape. */
    public long rows() {
        return shape.getFirst();
    }
}
