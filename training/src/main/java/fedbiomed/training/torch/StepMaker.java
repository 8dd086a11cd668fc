package fedbiomed.training.torch;

import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.training.plan.PlanGuard;
import java.util.function.Supplier;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LossClosure;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** One optimizer step: gradients of the loss, what is done to them, and the optimizer's move. */
final class StepMaker {
    /** What fails in the backward pass is the plan's loss. */
    private static final String HOOK = "trainingStep";

    private final Optimizer optimizer;
    private final TravellingTensors tensors;
    private final PlanGuard guard;
    private GradientHook hook = GradientHook.NONE;

    StepMaker(Optimizer optimizer, TravellingTensors tensors, PlanGuard guard) {
        this.guard = guard;
        this.optimizer = optimizer;
        this.tensors = tensors;
    }

    void hook(GradientHook gradientHook) {
        hook = gradientHook;
    }

    /** Without a step. @return the loss */
    double gradient(Supplier<TorchTensor> loss) {
        var value = gradients(loss);
        return guard.call(HOOK, value::item_double);
    }

    /** @param loss computes it anew at each call. @return the loss before the step */
    double make(Supplier<TorchTensor> loss) {
        if (optimizer instanceof LBFGS lbfgs) {
            return search(lbfgs, loss);
        }
        var value = gradients(loss);
        return guard.call(HOOK, () -> {
            optimizer.step();
            return value.item_double();
        });
    }

    /** They are as large as the model. @return this */
    StepMaker dropGradients() {
        optimizer.zero_grad();
        return this;
    }

    private Tensor gradients(Supplier<TorchTensor> loss) {
        optimizer.zero_grad();
        var value = loss.get().raw;
        guard.call(HOOK, () -> {
            value.backward();
            return value;
        });
        if (hook != GradientHook.NONE) {
            tensors.show(hook);
        }
        return value;
    }

    /** L-BFGS asks for the loss as often as it likes. */
    private double search(LBFGS lbfgs, Supplier<TorchTensor> loss) {
        try (var closure = new Closure(() -> gradients(loss))) {
            var first = guard.call(HOOK, () -> lbfgs.step(closure));
            if (closure.failure != null) {
                throw closure.failure;
            }
            return first.item_double();
        }
    }

    private static final class Closure extends LossClosure {
        private final Supplier<Tensor> work;
        private @Nullable RuntimeException failure;

        Closure(Supplier<Tensor> work) {
            this.work = work;
        }

        /** An exception must not pass through native code: it is kept, and the search ends at a loss of zero. */
        @Override
        public Tensor call() {
            if (failure == null) {
                try {
                    return work.get();
                } catch (RuntimeException e) {
                    failure = e;
                }
            }
            return torch.zeros(1);
        }
    }
}
