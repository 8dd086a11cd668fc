package fedbiomed.data;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import java.util.SortedMap;

/** A kind of dataset that a node can register, by the name under which plans and messages know it. */
public interface DatasetKind {
    /** E.g. {@code csv}. */
    String name();

    /** One line for the data manager: what such a dataset is. */
    String explanation();

    /** Whether a plan reads it as a table; otherwise as arrays. */
    boolean isTable();

    /** Whether it is a folder, not a file. */
    boolean isFolder();

    /** Whether it is read by DuckDB's native code, so that whoever reads it needs that library. */
    default boolean usesDuckDb() {
        return false;
    }

    /** What can be said about the reading: names with their explanations. */
    SortedMap<String, String> settings();

    /**
     * Reads everything once, checks it, and says what may leave the node about it.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming place and remedy, never a value;
     *     DATASET_CHANGED if there is nothing where it lies
     */
    DatasetContent describe(StoredDataset data);
}
