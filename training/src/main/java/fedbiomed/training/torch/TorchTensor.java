package fedbiomed.training.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * An array of numbers in PyTorch, with its gradient's history. Lives until the step that made it ends: keep none in a
 * field. Methods are {@code torch.Tensor}'s; shapes are broadcast as in NumPy, a negative dimension counts from the end.
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

    public long size(int dimension) {
        return raw.size(dimension);
    }

    public long elements() {
        return raw.numel();
    }

    public TorchTensor add(TorchTensor other) {
        return new TorchTensor(raw.add(other.raw));
    }

    public TorchTensor add(double number) {
        return new TorchTensor(raw.add(new Scalar(number)));
    }

    public TorchTensor subtract(TorchTensor other) {
        return new TorchTensor(raw.sub(other.raw));
    }

    public TorchTensor subtract(double number) {
        return new TorchTensor(raw.sub(new Scalar(number)));
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

    public TorchTensor divide(double number) {
        return new TorchTensor(raw.div(new Scalar(number)));
    }

    public TorchTensor matmul(TorchTensor other) {
        return new TorchTensor(raw.matmul(other.raw));
    }

    public TorchTensor negate() {
        return new TorchTensor(raw.neg());
    }

    public TorchTensor square() {
        return new TorchTensor(raw.square());
    }

    public TorchTensor sqrt() {
        return new TorchTensor(raw.sqrt());
    }

    public TorchTensor pow(double exponent) {
        return new TorchTensor(raw.pow(new Scalar(exponent)));
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

    public TorchTensor clamp(double least, double most) {
        return new TorchTensor(raw.clamp(new ScalarOptional(new Scalar(least)), new ScalarOptional(new Scalar(most))));
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

    public TorchTensor softmax(int dimension) {
        return new TorchTensor(raw.softmax(dimension));
    }

    public TorchTensor logSoftmax(int dimension) {
        return new TorchTensor(raw.log_softmax(dimension));
    }

    /** A scalar: the sum of all elements. */
    public TorchTensor sum() {
        return new TorchTensor(raw.sum());
    }

    /** Over these dimensions, which go. */
    public TorchTensor sum(long dimension, long... more) {
        return new TorchTensor(raw.sum(dimensions(dimension, more), false, new ScalarTypeOptional()));
    }

    /** A scalar: the mean of all elements. */
    public TorchTensor mean() {
        return new TorchTensor(raw.mean());
    }

    /** Over these dimensions, which go. */
    public TorchTensor mean(long dimension, long... more) {
        return new TorchTensor(raw.mean(dimensions(dimension, more), false, new ScalarTypeOptional()));
    }

    private static long[] dimensions(long first, long[] more) {
        var all = new long[more.length + 1];
        all[0] = first;
        System.arraycopy(more, 0, all, 1, more.length);
        return all;
    }

    /** I64: where along the dimension the greatest element is. */
    public TorchTensor argmax(long dimension) {
        return new TorchTensor(raw.argmax(new LongOptional(dimension), false));
    }

    /** F32: 1 where the element is greater than {@code number}, else 0; without a gradient. */
    public TorchTensor greater(double number) {
        return new TorchTensor(raw.gt(new Scalar(number)).to(ScalarType.Float));
    }

    /** F32: 1 where the two are equal, else 0; without a gradient. */
    public TorchTensor equal(TorchTensor other) {
        return new TorchTensor(raw.eq(other.raw).to(ScalarType.Float));
    }

    /** As F32. */
    public TorchTensor toFloat() {
        return new TorchTensor(raw.to(ScalarType.Float));
    }

    /** As I64, cut towards zero. */
    public TorchTensor toLong() {
        return new TorchTensor(raw.to(ScalarType.Long));
    }

    /** The same numbers without their history: no gradient flows back through them. */
    public TorchTensor detach() {
        return new TorchTensor(raw.detach());
    }

    /** The same elements in another shape; one size may be -1, what is left. */
    public TorchTensor reshape(long... shape) {
        return new TorchTensor(raw.reshape(shape));
    }

    /** All dimensions after the first into one. */
    public TorchTensor flatten() {
        return new TorchTensor(raw.flatten(1, -1));
    }

    public TorchTensor permute(long... dimensions) {
        return new TorchTensor(raw.permute(dimensions));
    }

    public TorchTensor transpose(long first, long second) {
        return new TorchTensor(raw.transpose(first, second));
    }

    public TorchTensor unsqueeze(long dimension) {
        return new TorchTensor(raw.unsqueeze(dimension));
    }

    public TorchTensor squeeze(long dimension) {
        return new TorchTensor(raw.squeeze(dimension));
    }

    /** Elements {@code from} to {@code to - 1} along the dimension. */
    public TorchTensor slice(long dimension, long from, long to) {
        return new TorchTensor(raw.slice(dimension, new LongOptional(from), new LongOptional(to), 1));
    }

    /** Element {@code index} along the dimension, which goes. */
    public TorchTensor select(long dimension, long index) {
        return new TorchTensor(raw.select(dimension, index));
    }

    /** Writes the other's numbers into this one (a parameter, in {@code postprocess}), past any gradient. */
    @SuppressWarnings("unused") // the guard works by being there
    public void assign(TorchTensor other) {
        try (var noGradient = new NoGradGuard()) {
            raw.copy_(other.raw);
        }
    }
}
