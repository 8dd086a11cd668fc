package fedbiomed.training.torch;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.vocabulary.Args;
import java.util.List;
import java.util.Map;

/**
 * A neural network on PyTorch. Besides {@code data} a plan says what the model is, how it is optimised, and what its
 * loss is:
 *
 * <pre>{@code
 * import fedbiomed.training.torch.*;
 * import fedbiomed.vocabulary.Args;
 *
 * public class HeartNet extends TorchPlan {
 *     @Override public TrainingData data(DatasetView dataset) {
 *         return dataset.table().inputs("age", "chol").standardise().target("disease").classes("0", "1");
 *     }
 *     @Override public TorchModule model(Args args) {
 *         return sequential(linear(2, args.integer("hidden", 16)), relu(), linear(args.integer("hidden", 16), 2));
 *     }
 *     @Override public TorchOptimizer optimizer(TorchModule model, Args args) {
 *         return adam(model, args.real("lr", 0.001));
 *     }
 *     @Override public TorchTensor trainingStep(TorchModule model, Batch batch) {
 *         return crossEntropy(model.forward(batch.input()), batch.target());
 *     }
 * }
 * }</pre>
 *
 * The model's output, where the plan names classes or is a regression: for classification logits {@code [rows, classes]},
 * or {@code [rows, 1]} for two classes (then of the second); for regression {@code [rows, 1]} or {@code [rows]}.
 */
public abstract non-sealed class TorchPlan extends TorchOptimizers {
    /** @param args the experiment's {@code model_args} */
    public abstract TorchModule model(Args args);

    /** Made anew each round. @param args the experiment's {@code optimizer_args} */
    public abstract TorchOptimizer optimizer(TorchModule model, Args args);

    /** The loss of a batch, a scalar; its gradient is the step's. */
    public abstract TorchTensor trainingStep(TorchModule model, Batch batch);

    /** The output that is scored against the target. By default the model's of the batch's only input. */
    public TorchTensor forward(TorchModule model, Batch batch) {
        return model.forward(batch.input());
    }

    /** Each batch before the model sees it, in training, test and prediction alike (where it has no targets). */
    public Batch preprocess(Batch batch) {
        return batch;
    }

    /**
     * Names of the metrics that {@link #testingStep} gives. Empty: the usual ones of classification or regression, or
     * else the loss.
     */
    public List<String> testingMetrics() {
        return List.of();
    }

    /**
     * The plan's own metrics of a batch, each a scalar, under exactly the names of {@link #testingMetrics}; the test's
     * figure is the mean over the samples of what this gives for their batches. No gradient is kept.
     */
    public Map<String, TorchTensor> testingStep(TorchModule model, Batch batch) {
        return Map.of();
    }

    /** After training, before the parameters leave the node. */
    public void postprocess(TorchModule model) {}

    /** Full names of classes without which the plan does not run; a node that lacks one says so before it trains. */
    public List<String> dependencies() {
        return List.of();
    }

    @Override
    protected final boolean readsArrays() {
        return true;
    }

    @Override
    protected final Engine engine(EngineSettings settings) {
        return TorchEngine.of(this, settings);
    }
}
