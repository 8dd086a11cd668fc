package fedbiomed.node.registry;

import fedbiomed.vocabulary.DatasetDescription;
import java.nio.file.Path;

/**
 * A dataset that this node shares.
 *
 * @param path absolute, links resolved; it stays at the node
 * @param description what may leave the node
 * @param fileState size and time of change when the content was last checked
 */
public record RegisteredDataset(Path path, DatasetDescription description, FileState fileState) {
    public String id() {
        return description.id();
    }
}
