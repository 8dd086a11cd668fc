package fedbiomed.researcher.command;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.experiment.TorchScriptExport;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import java.io.IOException;
import java.nio.file.Path;
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
            TorchScriptExport.write(saved.plan(), loaded, saved.file(), mapped.parameters(), target);
            out().println("The trained network is in " + target + "; in Python: torch.jit.load(\"" + target + "\").");
        }
    }
}
