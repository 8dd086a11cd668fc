package fedbiomed.researcher.command;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.training.torch.TorchScriptFile;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedbiomed export torchscript}. */
@Command(
        name = "torchscript",
        description = {
            "Write the trained network of a TorchScriptPlan as TorchScript, for Python's torch.jit.load.",
            "The network is the plan's attachment, with the model's parameters in the place of its own."
        })
final class ExportTorchScriptCommand extends FedbiomedCommand {
    @Parameters(
            paramLabel = "FILE|FOLDER",
            description = "A model's file, or an experiment's folder (its last round's model).")
    Path model = Path.of("");

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "Where it goes, e.g. net-trained.pt.")
    Path target = Path.of("");

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "The plan that the model was trained with, its network beside it; not needed for an"
                    + " experiment's folder.")
    @Nullable
    Path plan;

    @Override
    protected void run() throws IOException {
        var saved = SavedModel.find(model, plan);
        try (var mapped = Safetensors.open(saved.file());
                var loaded = LoadedPlan.open(saved.plan())) {
            saved.requireTrainedWith(
                    loaded, ModelMetadata.of(mapped.parameters().metadata()));
            if (!loaded.source().namesTorchScript()
                    || loaded.source().attachments().isEmpty()) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the network of the plan " + loaded.className()
                                + " was not TorchScript to begin with; load " + saved.file()
                                + " into PyTorch by its safetensors names (safetensors.torch.load_file)");
            }
            var network = new TorchScriptFile(saved.plan()
                    .resolveSibling(loaded.source().attachments().getFirst().name()));
            var folder = target.toAbsolutePath().getParent();
            if (folder == null) {
                throw new IllegalArgumentException("--to " + target + " is no file's path");
            }
            Files.createDirectories(folder);
            // private from the start: a model can tell of patients
            var aside = Files.createTempFile(folder, ".", ".pt");
            try {
                network.export(mapped.parameters(), aside);
                Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                AtomicFiles.syncFolder(folder);
            } finally {
                Files.deleteIfExists(aside);
            }
            out().println("The trained network is in " + target + "; in Python: torch.jit.load(\"" + target + "\").");
        }
    }
}
