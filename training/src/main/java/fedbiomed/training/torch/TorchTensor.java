package fedbiomed.training.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/**
 * An array of numbers in PyTorch, with its gradient's history. Lives until the step that made it ends: keep none in a
 * field.
 */
public final class TorchTensor {
    final Tensor raw;

    TorchTensor(Tensor raw) {
        this.raw = raw;
    }

    /** Sizes by dimension; a scalar has none. */
    public long[] shape() {
        var shape = new long[(int) raw.dim()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = raw.size(d);
        }
        return shape;
    }

    public long elements() {
        return raw.numel();
    }

    /** Element by element; shapes are broadcast as in NumPy. */
    public TorchTensor add(TorchTensor other) {
        return new TorchTensor(raw.add(other.raw));
    }

    public TorchTensor add(double number) {
        return new TorchTensor(raw.add(new Scalar(number)));
    }

    public TorchTensor subtract(TorchTensor other) {
        return new TorchTensor(raw.sub(other.raw));
    }

    public TorchTensor multiply(TorchTensor other) {
        return new TorchTensor(raw.mul(other.raw));
    }

    public TorchTensor multiply(double number) {
        return new TorchTensor(raw.mul(new Scalar(number)));
    }

    public TorchTensor divide(TorchTensor other) {
        return new TorchTensor(raw.div(other.raw));
    }

    public TorchTensor matmul(TorchTensor other) {
        return new TorchTensor(raw.matmul(other.raw));
    }

    public TorchTensor square() {
        return new TorchTensor(raw.square());
    }

    public TorchTensor abs() {
        return new TorchTensor(raw.abs());
    }

    public TorchTensor exp() {
        return new TorchTensor(raw.exp());
    }

    public TorchTensor log() {
        return new TorchTensor(raw.log());
    }

    public TorchTensor relu() {
        return new TorchTensor(raw.relu());
    }

    public TorchTensor sigmoid() {
        return new TorchTensor(raw.sigmoid());
    }

    public TorchTensor tanh() {
        return new TorchTensor(raw.tanh());
    }

    /** A scalar: the sum of all elements. */
    public TorchTensor sum() {
        return new TorchTensor(raw.sum());
    }

    /** A scalar: the mean of all elements. */
    public TorchTensor mean() {
        return new TorchTensor(raw.mean());
    }

    /** The same elements in another shape; one size may be -1, what is left. */
    public TorchTensor reshape(long... shape) {
        return new TorchTensor(raw.reshape(shape));
    }
}
