package fedbiomed.training.torch;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.vocabulary.Args;

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
 * The model's output on {@code [rows, inputs]}: for classification logits {@code [rows, classes]}, or {@code [rows, 1]}
 * for two classes (then of the second); for regression {@code [rows, 1]} or {@code [rows]}.
 */
public abstract non-sealed class TorchPlan extends TorchLayers {
    /** @param args the experiment's {@code model_args} */
    public abstract TorchModule model(Args args);

    /** Made anew each round. @param args the experiment's {@code optimizer_args} */
    public abstract TorchOptimizer optimizer(TorchModule model, Args args);

    /** The loss of a batch, a scalar; its gradient is the step's. */
    public abstract TorchTensor trainingStep(TorchModule model, Batch batch);

    @Override
    protected final Engine engine(EngineSettings settings) {
        return TorchEngine.of(this, settings);
    }
}
