package fedbiomed.training.optimizer;

import java.util.List;

/** Sees every gradient before the optimizer uses it, and may change it in place. */
@FunctionalInterface
public interface GradientHook {
    /** Leaves gradients as they are; an engine need not show them. */
    GradientHook NONE = _ -> {};

    /**
     * @param gradients of one batch: of every tensor that is trained and travels (not of frozen and local parts, nor of
     *     buffers) and on which the loss depends, in the model's order. Valid during the call
     */
    void on(List<Gradient> gradients);
}
