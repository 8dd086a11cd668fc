package fedbiomed.researcher.command;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.training.Predictions;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fedbiomed predict}. */
@Command(
        name = "predict",
        description = {
            "Apply a saved model to a local CSV, whose rows never leave this machine.",
            "The inputs are prepared as in training, with the statistics saved in the model."
        })
public final class PredictCommand extends FedbiomedCommand {
    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE|FOLDER",
            description = "A model's file, or an experiment's folder (its last round's model).")
    Path model = Path.of("");

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "The plan that the model was trained with; not needed for an experiment's folder.")
    @Nullable
    Path plan;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "CSV",
            description = "The rows to predict; must have the plan's input columns.")
    Path data = Path.of("");

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the predictions go, as CSV (default: standard output).")
    @Nullable
    Path target;

    @Override
    protected void run() throws IOException {
        if (!Files.isRegularFile(data)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "there is no file " + data + "; give the path of a CSV file with --data");
        }
        var saved = SavedModel.find(model, plan);
        try (var mapped = Safetensors.open(saved.file());
                var loaded = LoadedPlan.open(saved.plan())) {
            var metadata = ModelMetadata.of(mapped.parameters().metadata());
            saved.requireTrainedWith(loaded, metadata);
            var csv = csv(loaded.predict(mapped.parameters(), metadata.modelArgs(), metadata.preprocessing(), data));
            if (target == null) {
                out().print(csv);
            } else {
                Files.createDirectories(target.toAbsolutePath().getParent());
                AtomicFiles.writeOwnerOnly(target, csv.getBytes(StandardCharsets.UTF_8));
                note("The predictions for the rows of " + data + " are in " + target + ".");
            }
        }
    }

    /** A row for each of the table's, in its order: the prediction, and each class's probability. */
    static String csv(Predictions predictions) {
        var classes = predictions.classes();
        var text = new StringBuilder("prediction");
        classes.forEach(name -> text.append(',').append(quoted("probability_" + name)));
        text.append('\n');
        for (int row = 0; row < predictions.rows(); row++) {
            if (classes.isEmpty()) {
                text.append(predictions.value(row));
            } else {
                text.append(quoted(predictions.predictedClass(row)));
                for (int i = 0; i < classes.size(); i++) {
                    text.append(',').append(predictions.probability(row, i));
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** RFC 4180. */
    private static String quoted(String cell) {
        return cell.matches("[^,\"\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
