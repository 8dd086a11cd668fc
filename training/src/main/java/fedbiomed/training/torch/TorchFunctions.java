package fedbiomed.training.torch;

import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Modules without parameters, and functions of several tensors, by PyTorch's names. */
public abstract sealed class TorchFunctions extends TorchLayers permits TorchLosses {
    TorchFunctions() {}

    private static TorchModule function(String name, UnaryOperator<Tensor> function) {
        return new Layer(new Module(name), function);
    }

    protected static TorchModule relu() {
        return function("relu", Tensor::relu);
    }

    protected static TorchModule leakyRelu(double negativeSlope) {
        return function("leakyRelu", input -> torch.leaky_relu(input, new Scalar(negativeSlope)));
    }

    protected static TorchModule elu() {
        return function("elu", torch::elu);
    }

    protected static TorchModule gelu() {
        return function("gelu", torch::gelu);
    }

    protected static TorchModule silu() {
        return function("silu", torch::silu);
    }

    protected static TorchModule softplus() {
        return function("softplus", torch::softplus);
    }

    protected static TorchModule sigmoid() {
        return function("sigmoid", Tensor::sigmoid);
    }

    protected static TorchModule tanh() {
        return function("tanh", Tensor::tanh);
    }

    protected static TorchModule softmax(int dimension) {
        return function("softmax", input -> input.softmax(dimension));
    }

    protected static TorchModule logSoftmax(int dimension) {
        return function("logSoftmax", input -> input.log_softmax(dimension));
    }

    /** The greatest of each {@code kernel} elements of {@code [samples, channels, length]}, without overlap. */
    protected static TorchModule maxPool1d(long kernel) {
        return function("maxPool1d", input -> torch.max_pool1d(input, kernel));
    }

    /** The greatest of each {@code kernel} by {@code kernel} pixels, without overlap. */
    protected static TorchModule maxPool2d(long kernel) {
        return function("maxPool2d", input -> torch.max_pool2d(input, kernel, kernel));
    }

    protected static TorchModule maxPool3d(long kernel) {
        return function("maxPool3d", input -> torch.max_pool3d(input, kernel, kernel, kernel));
    }

    /** The mean of each {@code kernel} elements, without overlap. */
    protected static TorchModule avgPool1d(long kernel) {
        return function("avgPool1d", input -> torch.avg_pool1d(input, kernel));
    }

    protected static TorchModule avgPool2d(long kernel) {
        return function("avgPool2d", input -> torch.avg_pool2d(input, kernel, kernel));
    }

    protected static TorchModule avgPool3d(long kernel) {
        return function("avgPool3d", input -> torch.avg_pool3d(input, kernel, kernel, kernel));
    }

    /** Means over as many equal parts as {@code size} says, whatever the input's length. */
    protected static TorchModule adaptiveAvgPool1d(long size) {
        return function("adaptiveAvgPool1d", input -> torch.adaptive_avg_pool1d(input, size));
    }

    protected static TorchModule adaptiveAvgPool2d(long height, long width) {
        return function("adaptiveAvgPool2d", input -> torch.adaptive_avg_pool2d(input, height, width));
    }

    protected static TorchModule adaptiveAvgPool3d(long depth, long height, long width) {
        return function("adaptiveAvgPool3d", input -> torch.adaptive_avg_pool3d(input, depth, height, width));
    }

    /** Repeats each pixel (4 dimensions) or voxel (5) {@code factor} times in every direction. */
    protected static TorchModule upsample(long factor) {
        return function("upsample", input -> nearest(input, factor));
    }

    private static Tensor nearest(Tensor input, long factor) {
        var size = new long[(int) input.dim() - 2];
        for (int d = 0; d < size.length; d++) {
            size[d] = input.size(d + 2) * factor;
        }
        return switch (size.length) {
            case 2 -> torch.upsample_nearest2d(input, size, new DoubleOptional(), new DoubleOptional());
            case 3 ->
                torch.upsample_nearest3d(input, size, new DoubleOptional(), new DoubleOptional(), new DoubleOptional());
            default ->
                throw new IllegalArgumentException("upsample takes [samples, channels, height, width] or"
                        + " [samples, channels, depth, height, width], not " + input.dim() + " dimensions");
        };
    }

    /** To another size by (bi- or tri-)linear interpolation: {@code size} is height and width, or depth before them. */
    protected static TorchTensor interpolate(TorchTensor input, long... size) {
        return new TorchTensor(
                switch (size.length) {
                    case 2 ->
                        torch.upsample_bilinear2d(input.raw, size, false, new DoubleOptional(), new DoubleOptional());
                    case 3 ->
                        torch.upsample_trilinear3d(
                                input.raw,
                                size,
                                false,
                                new DoubleOptional(),
                                new DoubleOptional(),
                                new DoubleOptional());
                    default ->
                        throw new IllegalArgumentException(
                                "interpolate takes two sizes (height, width) or three, not " + size.length);
                });
    }

    /** All dimensions after the first into one. */
    protected static TorchModule flatten() {
        return function("flatten", input -> input.flatten(1, -1));
    }

    /** The dimensions after the first into {@code shape}, e.g. 64 columns into an image: {@code unflatten(1, 8, 8)}. */
    protected static TorchModule unflatten(long... shape) {
        var whole = new long[shape.length + 1];
        whole[0] = -1;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return function("unflatten", input -> input.reshape(whole));
    }

    /** One after the other along a dimension that exists, e.g. 1 for channels. */
    protected static TorchTensor concat(int dimension, TorchTensor... tensors) {
        return new TorchTensor(torch.cat(vector(tensors), dimension));
    }

    /** Along a new dimension. */
    protected static TorchTensor stack(int dimension, TorchTensor... tensors) {
        return new TorchTensor(torch.stack(vector(tensors), dimension));
    }

    private static TensorVector vector(TorchTensor... tensors) {
        var raw = new Tensor[tensors.length];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = tensors[i].raw;
        }
        return new TensorVector(raw);
    }

    /** Normally distributed numbers (mean 0, variance 1) in the shape of {@code tensor}. */
    protected static TorchTensor randnLike(TorchTensor tensor) {
        return new TorchTensor(torch.randn_like(tensor.raw));
    }

    /**
     * A draw from the normal distribution with this mean and variance through which gradients flow (Kingma and Welling,
     * "Auto-encoding variational Bayes", ICLR 2014).
     */
    protected static TorchTensor reparameterise(TorchTensor mean, TorchTensor logVariance) {
        return mean.add(logVariance.multiply(0.5).exp().multiply(randnLike(mean)));
    }
}
