package fedbiomed.data;

import fedbiomed.data.tabular.CsvFile;
import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** One CSV file: a row is a sample, shape (rows, columns). */
final class CsvKind implements DatasetKind {
    @Override
    public String name() {
        return DatasetKinds.CSV;
    }

    @Override
    public DatasetDescription describe(Path data, String id, String name, Collection<String> tags, String description) {
        var csv = CsvFile.describe(data);
        return new DatasetDescription(
                id,
                name,
                name(),
                new TreeSet<>(tags),
                description,
                List.of(csv.rows(), (long) csv.columns().size()),
                csv.columns(),
                csv.fingerprint());
    }
}
