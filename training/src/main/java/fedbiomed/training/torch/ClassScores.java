package fedbiomed.training.torch;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** From a model's output to what is compared with targets. @param classes empty for regression */
record ClassScores(List<String> classes) {
    /**
     * Probabilities {@code [samples, classes]}, row-major, of logits; values {@code [samples]} of a regression.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} where the output's shape is not that of scores; what it is could come of data
     */
    double[] of(TorchTensor output, int samples) {
        int k = classes.size();
        long width = output.elements() / samples;
        boolean single = width == 1 && (k == 0 || k == 2);
        boolean fits = output.shape().length <= 2 && output.elements() % samples == 0 && (single || width == k);
        if (!fits) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the model's output for " + samples + " rows has " + output.shape().length + " dimensions; "
                            + (k == 0
                                    ? "regression needs one output a row"
                                    : k + " classes need " + k + " outputs a row" + (k == 2 ? " (or 1)" : "")));
        }
        var matrix = output.raw.to(ScalarType.Double).reshape(samples, width);
        if (k == 0) {
            return doubles(matrix);
        }
        if (width == k) {
            return doubles(matrix.softmax(1));
        }
        var second = doubles(matrix.sigmoid());
        var both = new double[2 * samples];
        for (int row = 0; row < samples; row++) {
            both[2 * row] = 1 - second[row];
            both[2 * row + 1] = second[row];
        }
        return both;
    }

    private static double[] doubles(Tensor tensor) {
        var values = new double[(int) tensor.numel()];
        new DoublePointer(tensor.cpu().contiguous().data_ptr()).get(values);
        return values;
    }
}
