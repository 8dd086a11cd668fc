package fedbiomed.data;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/** A folder of any files. What they hold only a plan's own reader knows; until one does, a file counts as a sample. */
final class FilesKind implements DatasetKind {
    static final String NAME = "files";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String explanation() {
        return "a folder of any files, which a plan brings its own reader for";
    }

    @Override
    public DataForm form() {
        return DataForm.FILES;
    }

    @Override
    public boolean isFolder() {
        return true;
    }

    @Override
    public SortedMap<String, String> settings() {
        return Collections.emptySortedMap();
    }

    @Override
    public DatasetContent describe(StoredDataset data, ReadProgress progress) {
        if (data.loadingPlan() != null) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "a dataset of kind '" + NAME + "' has no columns that a loading plan could map; leave it out");
        }
        var folder = DataFolder.of(data.path());
        if (folder.files().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    Text.shown(String.valueOf(data.path().getFileName()))
                            + ": the folder holds no file (hidden ones do not count); is it the right one?");
        }
        return new DatasetContent(
                folder.files().size(),
                List.of(),
                DataFolder.fingerprint(folder.root(), folder.files(), data.settings()));
    }
}
