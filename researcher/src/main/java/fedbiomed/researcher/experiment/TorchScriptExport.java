package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Parameters;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.torch.TorchScriptFile;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A trained network as TorchScript: the plan's attachment, with the model's parameters in the place of its own. */
public final class TorchScriptExport {
    private TorchScriptExport() {}

    /**
     * Writes aside and renames.
     *
     * @param plan the plan's file, its network beside it
     * @param model where {@code parameters} lie, for the message
     * @throws FedbiomedException {@code UNSUPPORTED} if the plan's network was not TorchScript to begin with
     */
    public static void write(Path plan, LoadedPlan loaded, Path model, Parameters parameters, Path target) {
        if (!loaded.source().namesTorchScript() || loaded.source().attachments().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "the network of the plan " + loaded.className() + " was not TorchScript to begin with; load "
                            + model + " into PyTorch by its safetensors names (safetensors.torch.load_file)");
        }
        var network = new TorchScriptFile(
                plan.resolveSibling(loaded.source().attachments().getFirst().name()));
        var folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IllegalArgumentException(target + " is no file's path");
        }
        try {
            Files.createDirectories(folder);
            // private from the start: a model can tell of patients
            var aside = Files.createTempFile(folder, ".", ".pt");
            try {
                network.export(parameters, aside);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                AtomicFiles.syncFolder(folder);
            } finally {
                Files.deleteIfExists(aside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + target, e);
        }
    }
}
