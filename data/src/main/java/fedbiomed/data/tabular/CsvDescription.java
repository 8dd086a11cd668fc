package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnDescription;
import java.util.List;

/**
 * What a CSV file holds, without any of its values.
 *
 * @param rows without the header
 * @param columns in the file's order
 * @param fingerprint SHA-256 of the file's bytes, 64 lower-case hexadecimal digits
 */
public record CsvDescription(long rows, List<ColumnDescription> columns, String fingerprint) {
    public CsvDescription {
        columns = List.copyOf(columns);
    }
}
