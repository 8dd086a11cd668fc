package fedbiomed.training.torch;

import fedbiomed.parameters.DType;
import fedbiomed.training.optimizer.Gradient;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A parameter's gradient as it is shown: PyTorch's own memory where that is on the CPU, in one piece, binary32 or
 * binary64; else a copy that is taken back. Valid within the current pointer scope.
 */
record NativeGradient(Tensor gradient, Tensor copy, Gradient shown) {
    static NativeGradient of(String name, Tensor parameter) {
        var gradient = parameter.mutable_grad();
        var dtype = Gradient.dtypeOf(NativeTensors.dtype(name, gradient));
        var values = readable(gradient, dtype);
        var weights = readable(parameter.detach(), dtype);
        var shown = new Gradient(name, dtype, NativeTensors.memory(name, weights), NativeTensors.memory(name, values));
        return new NativeGradient(gradient, values, shown);
    }

    /** The tensor itself, where nothing is to be converted. */
    private static Tensor readable(Tensor tensor, DType dtype) {
        var type = dtype == DType.F64 ? torch.ScalarType.Double : torch.ScalarType.Float;
        return tensor.cpu().to(type).contiguous();
    }

    void takeBack() {
        if (copy.data_ptr().address() != gradient.data_ptr().address()) {
            gradient.copy_(copy);
        }
    }
}
