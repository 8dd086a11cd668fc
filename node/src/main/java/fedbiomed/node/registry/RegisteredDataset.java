package fedbiomed.node.registry;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;

/**
 * A dataset that this node shares.
 *
 * @param stored where it lies and how it is read; its path is absolute, links resolved, and stays at the node
 * @param description what may leave the node
 * @param fileState what tells whether its files changed since the content was last checked
 */
public record RegisteredDataset(StoredDataset stored, DatasetDescription description, FileState fileState) {
    public String id() {
        return description.id();
    }

    RegisteredDataset withDescription(DatasetDescription other) {
        return new RegisteredDataset(stored, other, fileState);
    }

    public Path path() {
        return stored.path();
    }
}
