package fedbiomed.training.torch;

import fedbiomed.training.TrainingPlan;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.DropoutImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The words that a plan on PyTorch is written in; inherited, so that a plan imports none of them. Meaning and defaults
 * are those of {@code torch.nn} and {@code torch.optim}.
 */
public abstract sealed class TorchLayers extends TrainingPlan permits TorchPlan {
    TorchLayers() {}

    protected static TorchModule sequential(TorchModule... modules) {
        return new Sequential(modules);
    }

    /** {@code [rows, in]} to {@code [rows, out]}; parameters {@code weight} [out, in], {@code bias} [out]. */
    protected static TorchModule linear(long in, long out) {
        var layer = new LinearImpl(in, out);
        return new Layer(layer, layer::forward);
    }

    protected static TorchModule relu() {
        return new Layer(new Module("relu"), Tensor::relu);
    }

    protected static TorchModule sigmoid() {
        return new Layer(new Module("sigmoid"), Tensor::sigmoid);
    }

    protected static TorchModule tanh() {
        return new Layer(new Module("tanh"), Tensor::tanh);
    }

    /** In training sets a part {@code probability} of the elements to 0 and scales the others up. */
    protected static TorchModule dropout(double probability) {
        var layer = new DropoutImpl(probability);
        return new Layer(layer, layer::forward);
    }

    /** {@code [rows, in, height, width]}, a square kernel, no padding, stride 1. */
    protected static TorchModule conv2d(long in, long out, long kernel) {
        return conv2d(in, out, kernel, 1, 0);
    }

    /** As {@link #conv2d(long, long, long)} with stride and zero padding in pixels. */
    protected static TorchModule conv2d(long in, long out, long kernel, long stride, long padding) {
        var options = new Conv2dOptions(in, out, new LongPointer(kernel, kernel));
        options.stride().put(stride, stride);
        options.padding().put(new LongPointer(padding, padding));
        var layer = new Conv2dImpl(options);
        return new Layer(layer, layer::forward);
    }

    /** The greatest of each {@code kernel} by {@code kernel} pixels, without overlap. */
    protected static TorchModule maxPool2d(long kernel) {
        return new Layer(new Module("maxPool2d"), input -> torch.max_pool2d(input, kernel, kernel));
    }

    /** All dimensions after the first into one. */
    protected static TorchModule flatten() {
        return new Layer(new Module("flatten"), input -> input.flatten(1, -1));
    }

    /** The dimensions after the first into {@code shape}, e.g. 64 columns into an image: {@code unflatten(1, 8, 8)}. */
    protected static TorchModule unflatten(long... shape) {
        var whole = new long[shape.length + 1];
        whole[0] = -1;
        System.arraycopy(shape, 0, whole, 1, shape.length);
        return new Layer(new Module("unflatten"), input -> input.reshape(whole));
    }

    /** Over the batch; has buffers beside its parameters, which are averaged over nodes as well. */
    protected static TorchModule batchNorm1d(long features) {
        var layer = new BatchNorm1dImpl(new BatchNormOptions(features));
        return new Layer(layer, layer::forward);
    }

    /** As {@link #batchNorm1d}, for each channel of {@code [rows, channels, height, width]}. */
    protected static TorchModule batchNorm2d(long channels) {
        var layer = new BatchNorm2dImpl(new BatchNormOptions(channels));
        return new Layer(layer, layer::forward);
    }

    /** Mean cross entropy of logits {@code [rows, classes]} against class indices {@code [rows]}. */
    protected static TorchTensor crossEntropy(TorchTensor logits, TorchTensor target) {
        return new TorchTensor(torch.cross_entropy_loss(logits.raw, target.raw.to(ScalarType.Long)));
    }

    /** Mean binary cross entropy of logits {@code [rows]} or {@code [rows, 1]} against 0 and 1 {@code [rows]}. */
    protected static TorchTensor bceWithLogits(TorchTensor logits, TorchTensor target) {
        return new TorchTensor(torch.binary_cross_entropy_with_logits(logits.raw, like(logits.raw, target.raw)));
    }

    /** Mean squared error of predictions {@code [rows]} or {@code [rows, 1]} against values {@code [rows]}. */
    protected static TorchTensor mseLoss(TorchTensor predictions, TorchTensor target) {
        return new TorchTensor(torch.mse_loss(predictions.raw, like(predictions.raw, target.raw)));
    }

    /** A target [rows] against an output [rows, 1] would be broadcast to [rows, rows]: a silent mistake. */
    private static Tensor like(Tensor output, Tensor target) {
        return target.to(output.scalar_type()).reshape_as(output);
    }

    protected static TorchOptimizer sgd(TorchModule model, double learningRate) {
        return sgd(model, learningRate, 0, 0);
    }

    protected static TorchOptimizer sgd(TorchModule model, double learningRate, double momentum, double weightDecay) {
        var options = new SGDOptions(learningRate);
        options.momentum().put(momentum);
        options.weight_decay().put(weightDecay);
        return new TorchOptimizer(new SGD(model.raw.parameters(), options));
    }

    protected static TorchOptimizer adam(TorchModule model, double learningRate) {
        return new TorchOptimizer(new Adam(model.raw.parameters(), new AdamOptions(learningRate)));
    }

    /** Adam with decoupled weight decay 0.01 (Loshchilov and Hutter, ICLR 2019). */
    protected static TorchOptimizer adamW(TorchModule model, double learningRate) {
        return new TorchOptimizer(new AdamW(model.raw.parameters(), new AdamWOptions(learningRate)));
    }
}
