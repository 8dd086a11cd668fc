package fedbiomed.training.torch;

import org.bytedeco.pytorch.Adagrad;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.LBFGSOptions;
import org.bytedeco.pytorch.RMSprop;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;

/**
 * Optimizers, as {@code torch.optim}'s, and how a learning rate may change from round to round. Each is made anew in
 * every round. A part of the model may have a rate of its own: {@code adam(model, 1e-3).rate(net.backbone, 1e-5)}.
 */
public abstract sealed class TorchOptimizers extends TorchLosses permits TorchPlan {
    private int round;

    TorchOptimizers() {}

    final void round(int number) {
        round = number;
    }

    /** The round that is trained, from 1; 0 where nothing is trained. */
    protected final int round() {
        return round;
    }

    protected static TorchOptimizer sgd(TorchModule model, double learningRate) {
        return sgd(model, learningRate, 0, 0);
    }

    protected static TorchOptimizer sgd(TorchModule model, double learningRate, double momentum, double weightDecay) {
        return new TorchOptimizer(
                model,
                learningRate,
                rate -> {
                    var options = new SGDOptions(rate);
                    options.momentum().put(momentum);
                    options.weight_decay().put(weightDecay);
                    return options;
                },
                (tensors, options) -> new SGD(tensors, (SGDOptions) options));
    }

    protected static TorchOptimizer adam(TorchModule model, double learningRate) {
        return adam(model, learningRate, 0);
    }

    /** @param weightDecay added to the gradient; {@link #adamW} keeps it apart */
    protected static TorchOptimizer adam(TorchModule model, double learningRate, double weightDecay) {
        return new TorchOptimizer(
                model,
                learningRate,
                rate -> {
                    var options = new AdamOptions(rate);
                    options.weight_decay().put(weightDecay);
                    return options;
                },
                (tensors, options) -> new Adam(tensors, (AdamOptions) options));
    }

    /** Adam with decoupled weight decay 0.01 (Loshchilov and Hutter, ICLR 2019). */
    protected static TorchOptimizer adamW(TorchModule model, double learningRate) {
        return adamW(model, learningRate, 0.01);
    }

    protected static TorchOptimizer adamW(TorchModule model, double learningRate, double weightDecay) {
        return new TorchOptimizer(
                model,
                learningRate,
                rate -> {
                    var options = new AdamWOptions(rate);
                    options.weight_decay().put(weightDecay);
                    return options;
                },
                (tensors, options) -> new AdamW(tensors, (AdamWOptions) options));
    }

    protected static TorchOptimizer rmsprop(TorchModule model, double learningRate) {
        return new TorchOptimizer(
                model,
                learningRate,
                RMSpropOptions::new,
                (tensors, options) -> new RMSprop(tensors, (RMSpropOptions) options));
    }

    protected static TorchOptimizer adagrad(TorchModule model, double learningRate) {
        return new TorchOptimizer(
                model,
                learningRate,
                AdagradOptions::new,
                (tensors, options) -> new Adagrad(tensors, (AdagradOptions) options));
    }

    /** Up to {@code iterations} of L-BFGS a batch: for large batches; it has one rate for the whole model. */
    protected static TorchOptimizer lbfgs(TorchModule model, double learningRate, int iterations) {
        return new TorchOptimizer(
                model,
                learningRate,
                rate -> {
                    var options = new LBFGSOptions(rate);
                    options.max_iter().put(iterations);
                    return options;
                },
                (tensors, options) -> new LBFGS(tensors, (LBFGSOptions) options));
    }

    /** {@code rate} times {@code factor} after each {@code rounds} rounds. */
    protected final double stepRate(double rate, int rounds, double factor) {
        return rate * Math.pow(factor, Math.max(0, round - 1) / rounds);
    }

    /** {@code rate} times {@code factor} after each round. */
    protected final double exponentialRate(double rate, double factor) {
        return stepRate(rate, 1, factor);
    }

    /** From {@code rate} to 0 over {@code rounds} rounds along half a cosine (Loshchilov and Hutter, ICLR 2017). */
    protected final double cosineRate(double rate, int rounds) {
        double part = Math.min(1, Math.max(0, round - 1) / (double) rounds);
        return rate * (1 + Math.cos(Math.PI * part)) / 2;
    }
}
