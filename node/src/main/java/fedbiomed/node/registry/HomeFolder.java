package fedbiomed.node.registry;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A node's home, which holds its keys, its state and other people's models: what a worker may read must lie outside, and
 * must not hold it.
 */
record HomeFolder(Path path) {
    /** Links resolved: neither is the other, nor lies in it. */
    boolean isApartFrom(Path dataset) throws IOException {
        var home = path.toRealPath();
        var data = dataset.toRealPath();
        return !data.startsWith(home) && !home.startsWith(data);
    }
}
