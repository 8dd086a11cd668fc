package fedbiomed.training.torch;

import fedbiomed.training.metrics.SegmentationSums;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** From a model's output to the class of each element (pixel, voxel), and its comparison with a mask. */
record PredictedMasks(int classes) {
    /**
     * I32 {@code [samples, ...]}: where the logits {@code [samples, classes, ...]} are greatest; of {@code [samples, 1, ...]},
     * for two classes, the second where they are above 0.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} where the output has not the shape of logits; it says what is needed,
     *     not what came: shapes can come of data
     */
    TorchTensor of(TorchTensor output) {
        var shape = output.shape();
        long width = shape.length < 2 ? 0 : shape[1];
        if (width == classes) {
            return new TorchTensor(output.raw.argmax(new LongOptional(1), false).to(ScalarType.Int));
        }
        if (width == 1 && classes == 2) {
            return new TorchTensor(
                    output.raw.gt(new Scalar(0)).to(ScalarType.Int).squeeze(1));
        }
        throw new FedbiomedException(
                ErrorCode.PLAN_INVALID,
                "the model's output has " + shape.length + " dimensions, not those of logits; a segmentation with "
                        + classes + " classes needs [samples, " + classes + ", ...]"
                        + (classes == 2 ? " (or [samples, 1, ...])" : ""));
    }

    /** @param mask indices of classes, as many elements as the output has places */
    void count(TorchTensor output, TorchTensor mask, int samples, SegmentationSums into) {
        var predicted = of(output);
        if (predicted.elements() != mask.elements()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the model's output and the mask have not as many places; let the output have the mask's size");
        }
        for (int sample = 0; sample < samples; sample++) {
            into.add(indices(mask, sample), indices(predicted, sample));
        }
    }

    private int[] indices(TorchTensor tensor, int sample) {
        Tensor flat = tensor.raw.select(0, sample).to(ScalarType.Int).cpu().contiguous();
        var indices = new int[(int) flat.numel()];
        new IntPointer(flat.data_ptr()).get(indices);
        for (int index : indices) {
            if (index < 0 || index >= classes) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "after the plan's preprocess the mask holds numbers that are no index of its " + classes
                                + " classes; leave the mask as it is");
            }
        }
        return indices;
    }
}
