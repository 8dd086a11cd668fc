package fedbiomed.data;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.CsvFile;
import java.util.Collections;
import java.util.SortedMap;

/** One CSV file: a row is a sample. */
final class CsvKind implements DatasetKind {
    @Override
    public String name() {
        return DatasetKinds.CSV;
    }

    @Override
    public String explanation() {
        return "a table in a CSV file: a row is a sample";
    }

    @Override
    public boolean isTable() {
        return true;
    }

    @Override
    public boolean isFolder() {
        return false;
    }

    @Override
    public SortedMap<String, String> settings() {
        return Collections.emptySortedMap();
    }

    @Override
    public DatasetContent describe(StoredDataset data) {
        return CsvFile.describe(data.path());
    }
}
