package fedbiomed.data;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.DataForm;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * A kind whose samples are arrays.
 *
 * @param runsNativeCode as {@link DatasetKind#runsNativeCode}
 * @param opener looks at the files without reading them whole; throws as {@link SampleSource#read} does
 */
record ArrayKind(
        String name,
        String explanation,
        boolean isFolder,
        boolean runsNativeCode,
        SortedMap<String, String> settings,
        Function<StoredDataset, SampleSource> opener)
        implements DatasetKind {
    SampleSource open(StoredDataset data) {
        var plan = data.loadingPlan();
        var source = opener.apply(data);
        return plan == null ? source : new LoadedSource(source, plan);
    }

    @Override
    public DataForm form() {
        return DataForm.ARRAYS;
    }

    @Override
    public DatasetContent describe(StoredDataset data, ReadProgress progress) {
        var source = open(data);
        source.requireSound(progress);
        return new DatasetContent(source.samples(), source.columns(), source.fingerprint(), source.notes());
    }
}
