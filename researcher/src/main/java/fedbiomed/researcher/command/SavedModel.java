package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.ExperimentFolder;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A model's file and the file of the plan that it was trained with. */
record SavedModel(Path file, Path plan) {
    /** @throws FedbiomedException if there is no model at {@code model}, or no plan is to be found */
    static SavedModel find(Path model, @Nullable Path plan) throws IOException {
        if (!Files.exists(model)) {
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "there is no " + model + "; give a model's file or an experiment's folder");
        }
        if (!Files.isDirectory(model)) {
            var experiment = model.toAbsolutePath().resolve("../../..").normalize();
            return new SavedModel(model, plan != null ? plan : planOf(experiment, model));
        }
        var folder = ExperimentFolder.open(model);
        int last = folder.lastFinishedRound();
        if (last < 0) {
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "the experiment in " + model + " has no model yet; run it with 'fedbiomed run --resume " + model
                            + "'");
        }
        return new SavedModel(folder.model(last), plan != null ? plan : planOf(model, model));
    }

    /** @throws FedbiomedException if {@code metadata}, the model's, names another plan */
    void requireTrainedWith(LoadedPlan loaded, ModelMetadata metadata) {
        if (!metadata.planId().equals(loaded.id())) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the model was trained with the plan " + metadata.planClass() + " ("
                            + metadata.planId().abbreviated() + "), and " + plan + " with its attachments is another ("
                            + loaded.id().abbreviated() + "); give that plan with --plan");
        }
    }

    private static Path planOf(Path experiment, Path model) throws IOException {
        var plans = experiment.resolve("plan");
        if (Files.isDirectory(plans)) {
            try (var files = Files.list(plans)) {
                var sources =
                        files.filter(file -> file.toString().endsWith(".java")).toList();
                if (sources.size() == 1) {
                    return sources.getFirst();
                }
            }
        }
        throw new FedbiomedException(
                ErrorCode.PLAN_INVALID,
                "nothing says with which plan " + model + " was trained; give its Java source file with --plan");
    }
}
