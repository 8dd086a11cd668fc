package fedbiomed.node.registry;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.DeclaredTypes;
import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A dataset that this node shares.
 *
 * @param stored where it lies and how it is read; its path is absolute, links resolved, and stays at the node
 * @param description what may leave the node
 * @param fileState what tells whether its files changed since the content was last checked
 * @param notes what the data manager should know of its reading, such as who was left out; they stay at the node
 */
public record RegisteredDataset(
        StoredDataset stored, DatasetDescription description, FileState fileState, List<String> notes) {
    public RegisteredDataset {
        notes = List.copyOf(notes);
    }

    public String id() {
        return description.id();
    }

    RegisteredDataset withDescription(DatasetDescription other) {
        return new RegisteredDataset(stored, other, fileState, notes);
    }

    public Path path() {
        return stored.path();
    }

    /** What a worker needs to read it: of a query nothing but its result. */
    public StoredDataset read() {
        var types = stored.settings().get(DeclaredTypes.SETTING);
        return stored.kind().equals(DatasetKinds.SQL)
                ? StoredDataset.of(
                                DatasetKinds.PARQUET,
                                stored.path(),
                                types == null ? Map.of() : Map.of(DeclaredTypes.SETTING, types))
                        .under(stored.loadingPlan())
                : stored;
    }
}
