package fedbiomed.training.torch;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;

/** One of PyTorch's own layers, or a function without parameters. */
final class Layer extends TorchModule {
    private final UnaryOperator<Tensor> function;

    /** @param function the layer's forward pass; may look at whether {@code module} is in training */
    Layer(Module module, UnaryOperator<Tensor> function) {
        super(module);
        this.function = function;
    }

    @Override
    public TorchTensor forward(TorchTensor input) {
        return new TorchTensor(function.apply(input.raw));
    }

    @Override
    boolean keepsNothing() {
        return true;
    }
}
