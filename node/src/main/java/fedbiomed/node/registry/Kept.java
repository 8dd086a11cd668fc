package fedbiomed.node.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What this node has written into its state. */
final class Kept {
    private Kept() {}

    static <T> T read(String json, TypeReference<T> type) {
        try {
            return Json.MAPPER.readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException("a dataset or loading plan in the node's state is damaged", e);
        }
    }
}
