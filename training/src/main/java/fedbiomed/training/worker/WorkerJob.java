package fedbiomed.training.worker;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work for a plan on a dataset. Paths are absolute and are all that the worker may touch.
 *
 * @param plan the plan's source file; its attachments lie beside it
 * @param data the dataset, read only
 * @param parameters the incoming global model (safetensors); {@code null} for {@link Task#STATISTICS} and {@link Task#CHECK}
 * @param output where the updated model goes (written aside and renamed); {@code null} unless {@link Task#TRAIN}
 * @param preprocessing the run's combined statistics; {@code null} where there are none (yet)
 * @param minimumSamples fewest samples (and, where samples belong together, groups of them) that are trained on or held
 *     out, by the node's policy; nothing is done with fewer. 0: any number
 */
public record WorkerJob(
        Task task,
        Path plan,
        Args modelArgs,
        TrainingArgs trainingArgs,
        Participant participant,
        int round,
        StoredDataset data,
        @Nullable Path parameters,
        @Nullable Path output,
        @Nullable PreprocessingStatistics preprocessing,
        int minimumSamples) {
    /** Where any number of samples will do. */
    public WorkerJob(
            Task task,
            Path plan,
            Args modelArgs,
            TrainingArgs trainingArgs,
            Participant participant,
            int round,
            StoredDataset data,
            @Nullable Path parameters,
            @Nullable Path output,
            @Nullable PreprocessingStatistics preprocessing) {
        this(task, plan, modelArgs, trainingArgs, participant, round, data, parameters, output, preprocessing, 0);
    }

    /** The same with its files elsewhere. */
    public WorkerJob with(Path plan, @Nullable Path parameters, @Nullable Path output) {
        return new WorkerJob(
                task,
                plan,
                modelArgs,
                trainingArgs,
                participant,
                round,
                data,
                parameters,
                output,
                preprocessing,
                minimumSamples);
    }

    /** The same, trained otherwise. */
    public WorkerJob with(TrainingArgs arguments) {
        return new WorkerJob(
                task,
                plan,
                modelArgs,
                arguments,
                participant,
                round,
                data,
                parameters,
                output,
                preprocessing,
                minimumSamples);
    }

    /** The same with other statistics. */
    public WorkerJob with(PreprocessingStatistics statistics) {
        return new WorkerJob(
                task,
                plan,
                modelArgs,
                trainingArgs,
                participant,
                round,
                data,
                parameters,
                output,
                statistics,
                minimumSamples);
    }

    public enum Task {
        /** The training rows' moments, which the plan's pre-processing asks for. */
        STATISTICS,
        /** Tests the incoming model if asked, trains, tests the local model if asked, writes it. */
        TRAIN,
        /** Tests the incoming model on the held-out rows, without training. */
        EVALUATE,
        /** A few batches with freshly initialised parameters, to see that plan and data go together, and how fast. */
        CHECK
    }
}
