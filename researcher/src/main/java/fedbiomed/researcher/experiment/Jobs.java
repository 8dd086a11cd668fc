package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.TrainingArgs;
import org.jspecify.annotations.Nullable;

/**
 * Makes an experiment's jobs: the same round and model give the same job, and so the same request's id.
 *
 * @param trainingArgs the experiment's, with what its aggregator needs done
 */
record Jobs(ExperimentFile arguments, TrainingArgs trainingArgs, ExperimentFile.Begun begun) {
    /** The same, of this part of the rows. */
    Jobs testing(double ratio) {
        return ratio == trainingArgs.testRatio()
                ? this
                : new Jobs(arguments, trainingArgs.toBuilder().testRatio(ratio).build(), begun);
    }

    /** @param state the id of the training whose node state it starts from; {@code null}: from none */
    Job job(
            ChosenDataset dataset,
            int round,
            @Nullable String state,
            @Nullable PreprocessingStatistics preprocessing,
            @Nullable ParametersRef parameters) {
        return new Job(
                begun.runId(),
                round,
                0,
                begun.researcher(),
                dataset.participant(),
                dataset.fingerprint(),
                begun.plan(),
                arguments.modelArgs(),
                trainingArgs,
                state,
                preprocessing,
                parameters);
    }
}
