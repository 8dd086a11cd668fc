package fedbiomed.training;

import fedbiomed.parameters.Parameters;

/**
 * A model in training: what the {@link TrainingLoop} needs of it, whichever library computes. One thread uses it at a
 * time. Same parameters, seed and batches give the same bytes on the same machine.
 */
public interface Engine extends AutoCloseable {
    /** The model's own parameters now: freshly initialised, loaded or trained. Copied; safe after {@link #close}. */
    Parameters parameters();

    /**
     * Replaces every parameter; copies them.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException naming the tensor whose name, dtype or shape is not the model's
     */
    void load(Parameters parameters);

    /** One optimizer step. @return the batch's mean loss before the step; may be NaN or infinite if training diverges */
    double train(Samples batch);

    /**
     * Row-major: for classification {@code [rows, classes]} probabilities that sum to 1 in a row, for regression
     * {@code [rows]} predictions. Leaves the parameters as they are. The targets are not looked at.
     */
    double[] scores(Samples batch);

    @Override
    void close();
}
