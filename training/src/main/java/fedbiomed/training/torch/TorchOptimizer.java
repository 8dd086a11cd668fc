package fedbiomed.training.torch;

import org.bytedeco.pytorch.Optimizer;

/** What moves a model's parameters along their gradients; made by {@link TorchPlan}'s methods, e.g. {@code sgd}. */
public final class TorchOptimizer {
    final Optimizer raw;

    TorchOptimizer(Optimizer raw) {
        this.raw = raw;
    }
}
