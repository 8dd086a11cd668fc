package fedbiomed.training.torch;

import fedbiomed.training.TrainingPlan;
import java.util.Arrays;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BatchNorm1dImpl;
import org.bytedeco.pytorch.BatchNorm2dImpl;
import org.bytedeco.pytorch.BatchNorm3dImpl;
import org.bytedeco.pytorch.BatchNormOptions;
import org.bytedeco.pytorch.Conv1dImpl;
import org.bytedeco.pytorch.Conv1dOptions;
import org.bytedeco.pytorch.Conv2dImpl;
import org.bytedeco.pytorch.Conv2dOptions;
import org.bytedeco.pytorch.Conv3dImpl;
import org.bytedeco.pytorch.Conv3dOptions;
import org.bytedeco.pytorch.ConvTranspose2dImpl;
import org.bytedeco.pytorch.ConvTranspose2dOptions;
import org.bytedeco.pytorch.ConvTranspose3dImpl;
import org.bytedeco.pytorch.ConvTranspose3dOptions;
import org.bytedeco.pytorch.DropoutImpl;
import org.bytedeco.pytorch.EmbeddingImpl;
import org.bytedeco.pytorch.GroupNormImpl;
import org.bytedeco.pytorch.InstanceNorm1dImpl;
import org.bytedeco.pytorch.InstanceNorm2dImpl;
import org.bytedeco.pytorch.InstanceNorm3dImpl;
import org.bytedeco.pytorch.InstanceNormOptions;
import org.bytedeco.pytorch.LayerNormImpl;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The layers that a plan on PyTorch is written in; inherited, so that a plan imports none of them. Meaning, parameter
 * names and defaults are those of {@code torch.nn}; a kernel, stride or padding is the same in every direction.
 */
public abstract sealed class TorchLayers extends TrainingPlan permits TorchFunctions {
    TorchLayers() {}

    protected static TorchModule sequential(TorchModule... modules) {
        return new Sequential(modules);
    }

    /** {@code [rows, in]} to {@code [rows, out]}; parameters {@code weight} [out, in], {@code bias} [out]. */
    protected static TorchModule linear(long in, long out) {
        var layer = new LinearImpl(in, out);
        return new Layer(layer, layer::forward);
    }

    /** In training sets a part {@code probability} of the elements to 0 and scales the others up. */
    protected static TorchModule dropout(double probability) {
        var layer = new DropoutImpl(probability);
        return new Layer(layer, layer::forward);
    }

    /** Whole numbers {@code [...]} from 0 to {@code count - 1} to vectors {@code [..., size]}. */
    protected static TorchModule embedding(long count, long size) {
        var layer = new EmbeddingImpl(count, size);
        return new Layer(layer, input -> layer.forward(input.to(ScalarType.Long)));
    }

    /** {@code [samples, in, length]}, no padding, stride 1. */
    protected static TorchModule conv1d(long in, long out, long kernel) {
        return conv1d(in, out, kernel, 1, 0);
    }

    /** As {@link #conv1d(long, long, long)} with stride and zero padding. */
    protected static TorchModule conv1d(long in, long out, long kernel, long stride, long padding) {
        var options = new Conv1dOptions(in, out, new LongPointer(each(kernel, 1)));
        options.stride().put(stride);
        options.padding().put(new LongPointer(each(padding, 1)));
        var layer = new Conv1dImpl(options);
        return new Layer(layer, layer::forward);
    }

    /** {@code [samples, in, height, width]}, a square kernel, no padding, stride 1. */
    protected static TorchModule conv2d(long in, long out, long kernel) {
        return conv2d(in, out, kernel, 1, 0);
    }

    /** As {@link #conv2d(long, long, long)} with stride and zero padding in pixels. */
    protected static TorchModule conv2d(long in, long out, long kernel, long stride, long padding) {
        var options = new Conv2dOptions(in, out, new LongPointer(each(kernel, 2)));
        options.stride().put(each(stride, 2));
        options.padding().put(new LongPointer(each(padding, 2)));
        var layer = new Conv2dImpl(options);
        return new Layer(layer, layer::forward);
    }

    /** {@code [samples, in, depth, height, width]}, a cubic kernel, no padding, stride 1. */
    protected static TorchModule conv3d(long in, long out, long kernel) {
        return conv3d(in, out, kernel, 1, 0);
    }

    /** As {@link #conv3d(long, long, long)} with stride and zero padding in voxels. */
    protected static TorchModule conv3d(long in, long out, long kernel, long stride, long padding) {
        var options = new Conv3dOptions(in, out, new LongPointer(each(kernel, 3)));
        options.stride().put(each(stride, 3));
        options.padding().put(new LongPointer(each(padding, 3)));
        var layer = new Conv3dImpl(options);
        return new Layer(layer, layer::forward);
    }

    /** The way back up: {@code kernel = stride = 2} doubles height and width. */
    protected static TorchModule convTranspose2d(long in, long out, long kernel, long stride) {
        var options = new ConvTranspose2dOptions(in, out, new LongPointer(each(kernel, 2)));
        options.stride().put(each(stride, 2));
        var layer = new ConvTranspose2dImpl(options);
        return new Layer(layer, input -> layer.forward(input));
    }

    /** As {@link #convTranspose2d} in three dimensions. */
    protected static TorchModule convTranspose3d(long in, long out, long kernel, long stride) {
        var options = new ConvTranspose3dOptions(in, out, new LongPointer(each(kernel, 3)));
        options.stride().put(each(stride, 3));
        var layer = new ConvTranspose3dImpl(options);
        return new Layer(layer, input -> layer.forward(input));
    }

    static long[] each(long size, int dimensions) {
        var sizes = new long[dimensions];
        Arrays.fill(sizes, size);
        return sizes;
    }

    /**
     * Over the batch, {@code [rows, features]} or {@code [samples, features, length]}; has buffers beside its parameters,
     * which travel unless {@code share_persistent_buffers} is false.
     */
    protected static TorchModule batchNorm1d(long features) {
        var layer = new BatchNorm1dImpl(new BatchNormOptions(features));
        return new Layer(layer, layer::forward);
    }

    /** As {@link #batchNorm1d}, for each channel of {@code [samples, channels, height, width]}. */
    protected static TorchModule batchNorm2d(long channels) {
        var layer = new BatchNorm2dImpl(new BatchNormOptions(channels));
        return new Layer(layer, layer::forward);
    }

    /** As {@link #batchNorm1d}, for each channel of {@code [samples, channels, depth, height, width]}. */
    protected static TorchModule batchNorm3d(long channels) {
        var layer = new BatchNorm3dImpl(new BatchNormOptions(channels));
        return new Layer(layer, layer::forward);
    }

    /** Over groups of channels of one sample: needs no buffers, and does not care how large a batch is. */
    protected static TorchModule groupNorm(long groups, long channels) {
        var layer = new GroupNormImpl(groups, channels);
        return new Layer(layer, layer::forward);
    }

    /** Over the last dimensions, which have this shape. */
    protected static TorchModule layerNorm(long... shape) {
        var layer = new LayerNormImpl(new LongVector(shape));
        return new Layer(layer, layer::forward);
    }

    /** Over each channel of one sample; without parameters, as in PyTorch. */
    protected static TorchModule instanceNorm1d(long channels) {
        var layer = new InstanceNorm1dImpl(new InstanceNormOptions(channels));
        return new Layer(layer, layer::forward);
    }

    protected static TorchModule instanceNorm2d(long channels) {
        var layer = new InstanceNorm2dImpl(new InstanceNormOptions(channels));
        return new Layer(layer, layer::forward);
    }

    protected static TorchModule instanceNorm3d(long channels) {
        var layer = new InstanceNorm3dImpl(new InstanceNormOptions(channels));
        return new Layer(layer, layer::forward);
    }
}
