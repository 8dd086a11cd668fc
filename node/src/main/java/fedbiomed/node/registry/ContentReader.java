package fedbiomed.node.registry;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.FedbiomedException;

/** Reads a dataset once, whole, and says what it holds. */
public interface ContentReader {
    /** In this process, where a file may crash native code: reads only kinds that have none. */
    ContentReader JAVA_ALONE = (data, progress) -> {
        if (DatasetKinds.checked(data).runsNativeCode()) {
            throw new IllegalArgumentException("datasets of kind " + data.kind() + " are not read in this process");
        }
        return DatasetKinds.describe(data, progress);
    };

    /** @throws FedbiomedException as {@link DatasetKinds#describe}; saying what to do where the reading itself broke down */
    DatasetContent read(StoredDataset data, ReadProgress progress);
}
