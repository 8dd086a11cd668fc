package fedbiomed.data.source;

import fedbiomed.vocabulary.ColumnDescription;
import java.util.List;

/**
 * What a dataset holds, without any of its values.
 *
 * @param samples a table's rows without its header
 * @param columns of a table in the file's order; of other kinds the arrays and the columns beside them
 * @param fingerprint SHA-256 of the content and of how it is read, 64 lower-case hexadecimal digits
 * @param notes what the data manager should know of the reading; may name files, and stays at the node
 */
public record DatasetContent(long samples, List<ColumnDescription> columns, String fingerprint, List<String> notes) {
    /** Most columns that are read: gene expression has 60,000. Each costs some memory in every description that travels. */
    public static final int MAX_COLUMNS = 100_000;
    /** Longest name of a column, in characters. */
    public static final int MAX_NAME_CHARS = 1_000;

    public DatasetContent {
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    /** Without notes. */
    public DatasetContent(long samples, List<ColumnDescription> columns, String fingerprint) {
        this(samples, columns, fingerprint, List.of());
    }

    /** Samples, columns. */
    public List<Long> shape() {
        return List.of(samples, (long) columns.size());
    }
}
