package fedbiomed.data;

import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.DataForm;
import java.util.Optional;
import java.util.SortedMap;

/** A kind of dataset that a node can register, by the name under which plans and messages know it. */
public interface DatasetKind {
    /** E.g. {@code csv}. */
    String name();

    /** One line for the data manager: what such a dataset is. */
    String explanation();

    /** How a plan reads it. */
    DataForm form();

    /** Whether it is a folder, not a file. */
    boolean isFolder();

    /** Whether it is read by DuckDB's native code, so that whoever reads it needs that library. */
    default boolean usesDuckDb() {
        return false;
    }

    /**
     * Whether native code decodes its files (DuckDB; the JDK's JPEG), so that a hostile file may crash the process that
     * reads them, or take it over.
     */
    default boolean runsNativeCode() {
        return usesDuckDb();
    }

    /**
     * The fingerprint of {@link #describe}, without a loading plan, by the files' bytes alone; empty where only who
     * decodes them knows which files are read.
     */
    default Optional<String> fingerprint(StoredDataset data) {
        return Optional.empty();
    }

    /** What can be said about the reading: names with their explanations. */
    SortedMap<String, String> settings();

    /** Whether there may be a setting of that name. */
    default boolean knows(String setting) {
        return settings().containsKey(setting) || settings().containsKey(StoredDataset.MODALITY);
    }

    /**
     * Reads everything once, checks it, and says what may leave the node about it.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming place and remedy, never a value;
     *     DATASET_CHANGED if there is nothing where it lies
     */
    DatasetContent describe(StoredDataset data, ReadProgress progress);
}
