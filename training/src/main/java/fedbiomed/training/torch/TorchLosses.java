package fedbiomed.training.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Losses, as {@code torch.nn.functional}'s: scalars, the mean over all elements unless said otherwise. A target is taken in
 * the shape of the output: of {@code [rows]} against {@code [rows, 1]} PyTorch would make {@code [rows, rows]}.
 */
public abstract sealed class TorchLosses extends TorchFunctions permits TorchOptimizers {
    TorchLosses() {}

    /**
     * Cross entropy of logits {@code [samples, classes]} against class indices {@code [samples]}; of logits
     * {@code [samples, classes, ...]} against indices {@code [samples, ...]}, pixel by pixel.
     */
    protected static TorchTensor crossEntropy(TorchTensor logits, TorchTensor target) {
        return new TorchTensor(torch.cross_entropy_loss(logits.raw, target.raw.to(ScalarType.Long)));
    }

    /**
     * As {@link #crossEntropy(TorchTensor, TorchTensor)}, each sample by its class's weight: their weighted mean.
     *
     * @param weights one a class
     */
    protected static TorchTensor crossEntropy(TorchTensor logits, TorchTensor target, double... weights) {
        return new TorchTensor(torch.cross_entropy_loss(
                logits.raw,
                target.raw.to(ScalarType.Long),
                numbers(logits.raw, weights),
                MEAN_OF_ALL,
                IGNORED_CLASS,
                0));
    }

    /** As floats, where the other tensor is. */
    private static TensorOptional numbers(Tensor beside, double... numbers) {
        var floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        var tensor = torch.tensor(floats);
        return new TensorOptional(beside.is_cuda() ? tensor.cuda() : tensor);
    }

    /** PyTorch's default: a target with this number counts for nothing. */
    private static final long IGNORED_CLASS = -100;

    /** Negative log likelihood of log-probabilities {@code [samples, classes]} against class indices {@code [samples]}. */
    protected static TorchTensor nllLoss(TorchTensor logProbabilities, TorchTensor target) {
        return new TorchTensor(torch.nll_loss(logProbabilities.raw, target.raw.to(ScalarType.Long)));
    }

    /** Binary cross entropy of logits against 0 and 1. */
    protected static TorchTensor bceWithLogits(TorchTensor logits, TorchTensor target) {
        return new TorchTensor(torch.binary_cross_entropy_with_logits(logits.raw, like(logits.raw, target.raw)));
    }

    /** As {@link #bceWithLogits(TorchTensor, TorchTensor)}; a 1 weighs {@code positiveWeight}, a 0 weighs 1. */
    protected static TorchTensor bceWithLogits(TorchTensor logits, TorchTensor target, double positiveWeight) {
        return new TorchTensor(torch.binary_cross_entropy_with_logits(
                logits.raw,
                like(logits.raw, target.raw),
                new TensorOptional(),
                numbers(logits.raw, positiveWeight),
                MEAN_OF_ALL));
    }

    /** Binary cross entropy of probabilities against values from 0 to 1. */
    protected static TorchTensor bceLoss(TorchTensor probabilities, TorchTensor target) {
        return new TorchTensor(torch.binary_cross_entropy(probabilities.raw, like(probabilities.raw, target.raw)));
    }

    protected static TorchTensor mseLoss(TorchTensor predictions, TorchTensor target) {
        return new TorchTensor(torch.mse_loss(predictions.raw, like(predictions.raw, target.raw)));
    }

    protected static TorchTensor l1Loss(TorchTensor predictions, TorchTensor target) {
        return new TorchTensor(torch.l1_loss(predictions.raw, like(predictions.raw, target.raw)));
    }

    /** Quadratic below a difference of 1, linear above. */
    protected static TorchTensor smoothL1Loss(TorchTensor predictions, TorchTensor target) {
        return new TorchTensor(torch.smooth_l1_loss(predictions.raw, like(predictions.raw, target.raw)));
    }

    /** Quadratic below a difference of {@code delta}, linear above. */
    protected static TorchTensor huberLoss(TorchTensor predictions, TorchTensor target, double delta) {
        return new TorchTensor(
                torch.huber_loss(predictions.raw, like(predictions.raw, target.raw), MEAN_OF_ALL, delta));
    }

    /** PyTorch's {@code at::Reduction::Mean}. */
    private static final long MEAN_OF_ALL = 1;

    /** Kullback and Leibler's divergence, of log-probabilities against probabilities, over all elements' sum by samples. */
    protected static TorchTensor klDivLoss(TorchTensor logProbabilities, TorchTensor target) {
        var pointwise = torch.kl_div(logProbabilities.raw, like(logProbabilities.raw, target.raw));
        double scale = (double) logProbabilities.raw.numel() / logProbabilities.raw.size(0);
        return new TorchTensor(pointwise).multiply(scale);
    }

    /** Of a normal distribution from the standard one: summed over a sample's numbers, its mean over the samples. */
    protected static TorchTensor klToStandardNormal(TorchTensor mean, TorchTensor logVariance) {
        var each = logVariance.add(1).subtract(mean.square()).subtract(logVariance.exp());
        return each.sum().multiply(-0.5 / mean.size(0));
    }

    /** A region of no voxel matches one of no voxel. */
    private static final double DICE_SMOOTHING = 1;

    /**
     * One minus the soft Dice coefficient of logits against a mask of 0 and 1, each {@code [samples, ...]}: the mean over
     * the samples (Milletari, Navab and Ahmadi, "V-Net", 3DV 2016, without its squares; 1 is added above and below).
     */
    protected static TorchTensor diceLoss(TorchTensor logits, TorchTensor mask) {
        return dice(logits.sigmoid(), like(logits, mask)).negate().add(1);
    }

    /** The Dice coefficient of the voxels whose logit is over 0 against a mask: the mean over the samples, 0 to 1. */
    protected static TorchTensor diceScore(TorchTensor logits, TorchTensor mask) {
        return dice(logits.greater(0), like(logits, mask));
    }

    private static TorchTensor dice(TorchTensor predicted, TorchTensor mask) {
        var p = predicted.flatten();
        var m = mask.flatten();
        var both = p.multiply(m).sum(1).multiply(2).add(DICE_SMOOTHING);
        return both.divide(p.sum(1).add(m.sum(1)).add(DICE_SMOOTHING)).mean();
    }

    private static TorchTensor like(TorchTensor output, TorchTensor target) {
        return new TorchTensor(like(output.raw, target.raw));
    }

    private static Tensor like(Tensor output, Tensor target) {
        return target.to(output.scalar_type()).reshape_as(output);
    }
}
