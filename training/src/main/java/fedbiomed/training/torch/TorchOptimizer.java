package fedbiomed.training.torch;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.DoubleFunction;
import org.bytedeco.pytorch.LBFGS;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OptimizerOptions;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

/** What moves a model's parameters along their gradients; made by {@link TorchPlan}'s methods, e.g. {@code sgd}. */
public final class TorchOptimizer {
    private final TorchModule model;
    private final double rate;
    private final SequencedMap<TorchModule, Double> rates = new LinkedHashMap<>();
    private final DoubleFunction<OptimizerOptions> options;
    private final BiFunction<TensorVector, OptimizerOptions, Optimizer> constructor;

    TorchOptimizer(
            TorchModule model,
            double rate,
            DoubleFunction<OptimizerOptions> options,
            BiFunction<TensorVector, OptimizerOptions, Optimizer> constructor) {
        this.model = model;
        this.rate = rate;
        this.options = options;
        this.constructor = constructor;
    }

    /** Gives a part of the model a learning rate of its own; of parts within parts the last one said counts. */
    public TorchOptimizer rate(TorchModule part, double learningRate) {
        rates.put(part, learningRate);
        return this;
    }

    /** Of the model; its parts may have their own. */
    double learningRate() {
        return rate;
    }

    /** By learning rate; frozen parameters are left out. @throws FedbiomedException {@code PLAN_INVALID} if none is left */
    SequencedMap<Double, List<Tensor>> groups() {
        var byRate = new LinkedHashMap<Double, List<Tensor>>();
        var rateOf = new IdentityHashMap<TorchModule, Double>();
        rates.forEach((part, own) -> part.walk((_, module, _, _) -> rateOf.put(module, own)));
        model.walk((prefix, module, frozen, _) -> {
            if (!frozen) {
                var own = new LinkedHashMap<String, Tensor>();
                module.putParameters(prefix, own);
                byRate.computeIfAbsent(rateOf.getOrDefault(module, rate), _ -> new ArrayList<>())
                        .addAll(own.values());
            }
        });
        byRate.values().removeIf(List::isEmpty);
        if (byRate.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's model has no parameter to train (all are frozen, or there is none); leave a part unfrozen");
        }
        return byRate;
    }

    Optimizer make(SequencedMap<Double, List<Tensor>> groups) {
        var first = groups.firstEntry();
        var optimizer = constructor.apply(vector(first.getValue()), options.apply(first.getKey()));
        if (optimizer instanceof LBFGS && groups.size() > 1) {
            throw new IllegalArgumentException("lbfgs has one learning rate for the whole model; leave rate(...) out");
        }
        groups.forEach((own, tensors) -> {
            if (!own.equals(first.getKey())) {
                optimizer.add_param_group(new OptimizerParamGroup(vector(tensors), options.apply(own)));
            }
        });
        return optimizer;
    }

    private static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.toArray(Tensor[]::new));
    }
}
