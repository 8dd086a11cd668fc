package fedbiomed.data.source;

import fedbiomed.vocabulary.ColumnDescription;
import java.util.List;

/**
 * What a dataset holds, without any of its values.
 *
 * @param samples a table's rows without its header
 * @param columns of a table in the file's order; of other kinds the arrays and the columns beside them
 * @param fingerprint SHA-256 of the content and of how it is read, 64 lower-case hexadecimal digits
 */
public record DatasetContent(long samples, List<ColumnDescription> columns, String fingerprint) {
    public DatasetContent {
        columns = List.copyOf(columns);
    }

    /** Samples, columns. */
    public List<Long> shape() {
        return List.of(samples, (long) columns.size());
    }
}
