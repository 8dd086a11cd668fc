package fedbiomed.researcher.experiment;

import fedbiomed.parameters.MappedParameters;
import fedbiomed.parameters.Safetensors;
import java.nio.file.Path;

/**
 * The global model after a round, as a file.
 *
 * @param round 0: as it was before the first
 * @param file safetensors, with what {@code predict} needs in its metadata
 */
public record GlobalModel(int round, Path file) {
    /** Memory-mapped; to be closed. */
    public MappedParameters open() {
        return Safetensors.open(file);
    }

    /** Writes a copy, aside and renamed. */
    public void save(Path target) {
        try (var mapped = open()) {
            Safetensors.write(target, mapped.parameters());
        }
    }
}
