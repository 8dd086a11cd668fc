package fedbiomed.data;

import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;
import java.util.Collection;

/** A kind of dataset that a node can register, by the name under which plans and messages know it. */
public interface DatasetKind {
    /** E.g. {@code csv}. */
    String name();

    /**
     * Reads everything once, checks it, and says what may leave the node about it.
     *
     * @param data the dataset's file or folder
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming place and remedy, never a value;
     *     DATASET_CHANGED if there is nothing at {@code data}
     */
    DatasetDescription describe(Path data, String id, String name, Collection<String> tags, String description);
}
