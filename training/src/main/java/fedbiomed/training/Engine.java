package fedbiomed.training;

import fedbiomed.parameters.Parameters;
import fedbiomed.training.metrics.SegmentationSums;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * A model in training: what the {@link TrainingLoop} needs of it, whichever library computes. One thread uses it at a
 * time. Same parameters, seed and batches give the same bytes on the same machine.
 */
public interface Engine extends AutoCloseable {
    /** The model's own parameters now: freshly initialised, loaded or trained. Copied; safe after {@link #close}. */
    Parameters parameters();

    /**
     * Shows {@link #parameters} without copying them, where the engine's own memory can be read: a large model need not be
     * held twice to be written.
     *
     * @param reader keeps none of them, and leaves the engine as it is meanwhile
     * @return what it makes of them
     */
    default <T> T read(Function<Parameters, T> reader) {
        return reader.apply(parameters());
    }

    /**
     * Replaces every parameter; copies them.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException naming the tensor whose name, dtype or shape is not the model's
     */
    void load(Parameters parameters);

    /** From now on it is shown every gradient, before the optimizer uses it. */
    void gradientHook(GradientHook hook);

    /** Names of the tensors whose gradients are shown: trained here, and travelling. */
    Set<String> trained();

    /**
     * Computes a batch's gradient as {@link #train} would, and shows it, without a step. Buffers may move.
     *
     * @return the batch's mean loss
     */
    double gradient(Samples batch);

    /** One optimizer step. @return the batch's mean loss before the step; may be NaN or infinite if training diverges */
    double train(Samples batch);

    /**
     * Row-major: for classification {@code [rows, classes]} probabilities that sum to 1 in a row (or, where the engine is
     * not {@link #isProbabilistic}, scores from 0 to 1 that grow with how much the model believes in the class), for
     * regression {@code [rows]} predictions, for survival {@code [rows]} logarithms of hazard ratios. Leaves the
     * parameters as they are. The targets are not looked at.
     */
    double[] scores(Samples batch);

    /** Whether a classification's scores are probabilities, so that log loss and Brier score mean something. */
    default boolean isProbabilistic() {
        return true;
    }

    /** With which the last step was made, or the next one will be; empty where there is no one rate. */
    default OptionalDouble learningRate() {
        return OptionalDouble.empty();
    }

    /** The training rows have all been seen once more. */
    default void epochEnded() {}

    /** Counts a batch's elements by their class in truth and prediction, where the plan's target is a mask. */
    default void segment(Samples batch, SegmentationSums into) {
        throw new UnsupportedOperationException("this engine segments nothing");
    }

    /**
     * Names of the metrics that {@link #test} gives instead of the task's usual ones; empty: none, {@link #scores} are
     * compared with the targets. Fixed for an engine, and known without data.
     */
    default List<String> metrics() {
        return List.of();
    }

    /** The plan's own metrics of a batch, in the order of {@link #metrics}: means over its samples. */
    default double[] test(Samples batch) {
        throw new UnsupportedOperationException("this engine has no metrics of its own");
    }

    /** What the model has learnt and keeps at the node: never part of {@link #parameters}. Copied. */
    default Parameters state() {
        return Parameters.builder().build();
    }

    /**
     * Takes up what {@link #state} gave in an earlier round, after {@link #load}.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} if it is that of another model
     */
    default void loadState(Parameters state) {
        if (!state.names().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "this node kept local parts of the plan's model, but the model has none");
        }
    }

    /** Training is over: what a plan does to its model before the parameters leave. Gradients are held no more. */
    default void finish() {}

    @Override
    void close();
}
