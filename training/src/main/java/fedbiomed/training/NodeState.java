package fedbiomed.training;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What stays at the node from round to round (the engine's own tensors, and as {@link fedbiomed.parameters.Auxiliary}
 * vectors what the correction and the optimizer's modules remember), as files beside the job's: written beside the trained model, and
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

    /** The predecessor's; {@code null} without one. Readable for as long as it is reachable. */
    static @Nullable Parameters read(Path incomingModel) {
        var file = before(incomingModel);
        return Files.exists(file) ? Safetensors.map(file) : null;
    }

    /** Nothing is written where nothing stays. */
    static void keep(Parameters state, Path trainedModel) {
        if (!state.names().isEmpty()) {
            Safetensors.writePassing(after(trainedModel), state);
        }
    }
}
