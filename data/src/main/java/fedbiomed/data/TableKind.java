package fedbiomed.data;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.vocabulary.DataForm;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * A kind whose samples are rows of a table.
 *
 * @param usesDuckDb as {@link DatasetKind#usesDuckDb}
 * @param fingerprinter as {@link DatasetKind#fingerprint}
 * @param describer reads everything once and checks it
 * @param reader reads some columns of all rows
 */
record TableKind(
        String name,
        String explanation,
        boolean isFolder,
        boolean usesDuckDb,
        SortedMap<String, String> settings,
        Function<StoredDataset, String> fingerprinter,
        Function<StoredDataset, DatasetContent> describer,
        Reader reader)
        implements DatasetKind {
    interface Reader {
        /** @param space where the columns lie then */
        Table read(StoredDataset data, List<String> columns, TableSpace space);
    }

    Table read(StoredDataset data, List<String> columns, TableSpace space) {
        return reader.read(data, columns, space);
    }

    @Override
    public Optional<String> fingerprint(StoredDataset data) {
        return Optional.of(fingerprinter.apply(data));
    }

    @Override
    public DataForm form() {
        return DataForm.TABLE;
    }

    @Override
    public DatasetContent describe(StoredDataset data, ReadProgress progress) {
        return describer.apply(data);
    }
}
