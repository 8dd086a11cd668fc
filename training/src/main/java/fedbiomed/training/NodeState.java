package fedbiomed.training;

import fedbiomed.parameters.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an engine keeps at the node from round to round, as files beside the job's: written beside the trained model, and
 * read beside the incoming one, where the node puts that of the predecessor.
 */
public final class NodeState {
    private static final String BEFORE = "state-before.safetensors";
    private static final String AFTER = "state-after.safetensors";

    private NodeState() {}

    /** Where the predecessor's state lies, if there is one. */
    public static Path before(Path incomingModel) {
        return incomingModel.resolveSibling(BEFORE);
    }

    /** Where a training leaves its state; no file where nothing stays. */
    public static Path after(Path trainedModel) {
        return trainedModel.resolveSibling(AFTER);
    }

    /** Without a file the engine begins with what came in. */
    static void take(Engine engine, Path incomingModel) {
        var file = before(incomingModel);
        if (Files.exists(file)) {
            try (var mapped = Safetensors.open(file)) {
                engine.loadState(mapped.parameters());
            }
        }
    }

    /** Nothing is written where nothing stays. */
    static void keep(Engine engine, Path trainedModel) {
        var state = engine.state();
        if (!state.names().isEmpty()) {
            Safetensors.writePassing(after(trainedModel), state);
        }
    }
}
