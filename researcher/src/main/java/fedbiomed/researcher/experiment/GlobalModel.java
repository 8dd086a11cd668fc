package fedbiomed.researcher.experiment;

import fedbiomed.parameters.MappedParameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.training.Predictions;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;

/**
 * The global model after a round, as a file.
 *
 * @param round 0: as it was before the first
 * @param file safetensors, with what {@code predict} needs in its metadata
 * @param plan the training plan's file
 */
public record GlobalModel(int round, Path file, Path plan) {
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

    /**
     * Writes the network of a {@code TorchScriptPlan}, with these parameters, for Python's {@code torch.jit.load}.
     *
     * @throws FedbiomedException {@code UNSUPPORTED} if the plan's network was not TorchScript to begin with
     */
    public void saveTorchScript(Path target) {
        try (var mapped = open();
                var loaded = LoadedPlan.open(plan)) {
            TorchScriptExport.write(plan, loaded, file, mapped.parameters(), target);
        }
    }

    /**
     * What the model makes of each row.
     *
     * @param data a file that has the plan's inputs, as CSV for tables; a target is not needed
     */
    public Predictions predict(Path data) {
        try (var mapped = open();
                var loaded = LoadedPlan.open(plan)) {
            var metadata = ModelMetadata.of(mapped.parameters().metadata());
            return loaded.predict(mapped.parameters(), metadata.modelArgs(), metadata.preprocessing(), data);
        }
    }
}
