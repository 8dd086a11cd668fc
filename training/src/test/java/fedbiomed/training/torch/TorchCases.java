package fedbiomed.training.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Our side of the cases of {@code torch_reference.py}, under its names. */
abstract class TorchCases extends TorchPlan {
    private TorchCases() {}

    static Map<String, Supplier<TorchModule>> layers() {
        var cases = new LinkedHashMap<String, Supplier<TorchModule>>();
        cases.put("linear(4, 3)", () -> linear(4, 3));
        cases.put("embedding(7, 3)", () -> embedding(7, 3));
        cases.put("conv1d(2, 3, 3)", () -> conv1d(2, 3, 3));
        cases.put("conv1d(2, 3, 3, 2, 1)", () -> conv1d(2, 3, 3, 2, 1));
        cases.put("conv2d(2, 3, 3)", () -> conv2d(2, 3, 3));
        cases.put("conv2d(2, 3, 3, 2, 1)", () -> conv2d(2, 3, 3, 2, 1));
        cases.put("conv3d(1, 2, 2)", () -> conv3d(1, 2, 2));
        cases.put("conv3d(1, 2, 3, 2, 1)", () -> conv3d(1, 2, 3, 2, 1));
        cases.put("convTranspose2d(3, 2, 2, 2)", () -> convTranspose2d(3, 2, 2, 2));
        cases.put("convTranspose3d(2, 1, 3, 2)", () -> convTranspose3d(2, 1, 3, 2));
        cases.put("batchNorm1d(3)", () -> batchNorm1d(3));
        cases.put("batchNorm2d(2)", () -> batchNorm2d(2));
        cases.put("batchNorm3d(2)", () -> batchNorm3d(2));
        cases.put("groupNorm(2, 4)", () -> groupNorm(2, 4));
        cases.put("layerNorm(3, 4)", () -> layerNorm(3, 4));
        cases.put("instanceNorm1d(2)", () -> instanceNorm1d(2));
        cases.put("instanceNorm2d(2)", () -> instanceNorm2d(2));
        cases.put("instanceNorm3d(2)", () -> instanceNorm3d(2));
        cases.put("dropout(0.4)", () -> dropout(0.4));
        cases.put(
                "sequential(linear(4, 3), relu(), linear(3, 2))", () -> sequential(linear(4, 3), relu(), linear(3, 2)));
        putFunctions(cases);
        return cases;
    }

    private static void putFunctions(Map<String, Supplier<TorchModule>> cases) {
        cases.put("relu()", TorchFunctions::relu);
        cases.put("leakyRelu(0.2)", () -> leakyRelu(0.2));
        cases.put("elu()", TorchFunctions::elu);
        cases.put("gelu()", TorchFunctions::gelu);
        cases.put("silu()", TorchFunctions::silu);
        cases.put("softplus()", TorchFunctions::softplus);
        cases.put("sigmoid()", TorchFunctions::sigmoid);
        cases.put("tanh()", TorchFunctions::tanh);
        cases.put("softmax(1)", () -> softmax(1));
        cases.put("logSoftmax(1)", () -> logSoftmax(1));
        cases.put("maxPool1d(2)", () -> maxPool1d(2));
        cases.put("maxPool2d(2)", () -> maxPool2d(2));
        cases.put("maxPool3d(2)", () -> maxPool3d(2));
        cases.put("avgPool1d(2)", () -> avgPool1d(2));
        cases.put("avgPool2d(2)", () -> avgPool2d(2));
        cases.put("avgPool3d(2)", () -> avgPool3d(2));
        cases.put("adaptiveAvgPool1d(3)", () -> adaptiveAvgPool1d(3));
        cases.put("adaptiveAvgPool2d(2, 3)", () -> adaptiveAvgPool2d(2, 3));
        cases.put("adaptiveAvgPool3d(2, 3, 1)", () -> adaptiveAvgPool3d(2, 3, 1));
        cases.put("upsample(2)", () -> upsample(2));
        cases.put("upsample(3)", () -> upsample(3));
        cases.put("interpolate(x, 5, 7)", () -> module(x -> interpolate(x, 5, 7)));
        cases.put("interpolate(x, 3, 5, 4)", () -> module(x -> interpolate(x, 3, 5, 4)));
        cases.put("flatten()", TorchFunctions::flatten);
        cases.put("unflatten(1, 2, 3)", () -> unflatten(1, 2, 3));
        cases.put("concat(1, x, x.exp())", () -> module(x -> concat(1, x, x.exp())));
        cases.put("stack(0, x, x.exp())", () -> module(x -> stack(0, x, x.exp())));
        cases.put("randnLike(x).multiply(x)", () -> module(x -> randnLike(x).multiply(x)));
        cases.put("reparameterise(x, x)", () -> module(x -> reparameterise(x, x)));
    }

    private static TorchModule module(UnaryOperator<TorchTensor> function) {
        return new TorchModule() {
            @Override
            public TorchTensor forward(TorchTensor input) {
                return function.apply(input);
            }
        };
    }

    /** Of x and another tensor. */
    static Map<String, BinaryOperator<TorchTensor>> tensors() {
        var cases = new LinkedHashMap<String, BinaryOperator<TorchTensor>>();
        cases.put("add", TorchTensor::add);
        cases.put("add number", (x, _) -> x.add(1.5));
        cases.put("subtract", TorchTensor::subtract);
        cases.put("subtract number", (x, _) -> x.subtract(1.5));
        cases.put("multiply", TorchTensor::multiply);
        cases.put("multiply number", (x, _) -> x.multiply(1.5));
        cases.put("divide", TorchTensor::divide);
        cases.put("divide number", (x, _) -> x.divide(1.5));
        cases.put("matmul", (x, other) -> x.matmul(other.transpose(1, 2)));
        cases.put("negate", (x, _) -> x.negate());
        cases.put("square", (x, _) -> x.square());
        cases.put("sqrt", (x, _) -> x.sqrt());
        cases.put("pow", (x, _) -> x.pow(1.7));
        cases.put("abs", (x, _) -> x.subtract(0.5).abs());
        cases.put("exp", (x, _) -> x.exp());
        cases.put("log", (x, _) -> x.log());
        cases.put("clamp", (x, _) -> x.clamp(0.2, 0.6));
        cases.put("relu", (x, _) -> x.subtract(0.5).relu());
        cases.put("sigmoid", (x, _) -> x.sigmoid());
        cases.put("tanh", (x, _) -> x.tanh());
        cases.put("softmax", (x, _) -> x.softmax(-1));
        cases.put("logSoftmax", (x, _) -> x.logSoftmax(1));
        cases.put("sum", (x, _) -> x.sum());
        cases.put("sum dimensions", (x, _) -> x.sum(0, 2));
        cases.put("mean", (x, _) -> x.mean());
        cases.put("mean dimensions", (x, _) -> x.mean(-1));
        cases.put("argmax", (x, _) -> x.argmax(1));
        cases.put("greater", (x, _) -> x.greater(0.5));
        cases.put("equal", (x, _) -> x.equal(x.relu()));
        cases.put("toFloat", (x, _) -> x.toLong().toFloat());
        cases.put("toLong", (x, _) -> x.multiply(9.7).toLong());
        cases.put("detach", (x, _) -> x.detach());
        cases.put("reshape", (x, _) -> x.reshape(4, -1));
        cases.put("flatten", (x, _) -> x.flatten());
        cases.put("permute", (x, _) -> x.permute(2, 0, 1));
        cases.put("transpose", (x, _) -> x.transpose(0, 2));
        cases.put("unsqueeze", (x, _) -> x.unsqueeze(1));
        cases.put("squeeze", (x, _) -> x.unsqueeze(1).squeeze(1));
        cases.put("slice", (x, _) -> x.slice(1, 1, 3));
        cases.put("select", (x, _) -> x.select(2, 2));
        return cases;
    }

    /** @param x what is differentiated by */
    record Loss(TorchTensor x, UnaryOperator<TorchTensor> function) {}

    static SequencedMap<String, Loss> losses() {
        var p = Numbers.filled(2, 4, 3);
        var t = Numbers.filled(3, 4, 3);
        var probability = Numbers.filled(2, 4, 3).multiply(0.5).add(0.51);
        var mask = Numbers.whole(2, 3, 4, 3).toFloat();
        var classes = Numbers.whole(3, 3, 4);
        var cases = new LinkedHashMap<String, Loss>();
        cases.put("crossEntropy(logits)", new Loss(p, x -> crossEntropy(x, classes)));
        cases.put(
                "crossEntropy(pixels)",
                new Loss(Numbers.filled(2, 2, 3, 2, 2), x -> crossEntropy(x, Numbers.whole(3, 3, 2, 2, 2))));
        cases.put("crossEntropy(logits, weights)", new Loss(p, x -> crossEntropy(x, classes, 0.5, 2, 3)));
        cases.put("nllLoss", new Loss(p, x -> nllLoss(x.logSoftmax(1), classes)));
        cases.put("bceWithLogits", new Loss(p, x -> bceWithLogits(x, mask)));
        cases.put("bceWithLogits(positiveWeight)", new Loss(p, x -> bceWithLogits(x, mask, 2.5)));
        cases.put("bceLoss", new Loss(p, x -> bceLoss(x.sigmoid(), probability.clamp(0, 1))));
        cases.put("mseLoss", new Loss(p, x -> mseLoss(x, t)));
        cases.put("l1Loss", new Loss(p, x -> l1Loss(x, t)));
        cases.put("smoothL1Loss", new Loss(p, x -> smoothL1Loss(x, t.multiply(2))));
        cases.put("huberLoss", new Loss(p, x -> huberLoss(x, t, 0.4)));
        cases.put("klDivLoss", new Loss(p, x -> klDivLoss(x.logSoftmax(1), probability)));
        cases.put("klToStandardNormal", new Loss(p, x -> klToStandardNormal(x, t)));
        cases.put("diceLoss", new Loss(p, x -> diceLoss(x, mask)));
        cases.put("diceScore", new Loss(p, x -> diceScore(x, mask)));
        return cases;
    }

    /** What trains a network of three parts. @param fedproxMu FedProx's mu */
    record Optimization(Function<TorchModule, TorchOptimizer> optimizer, double fedproxMu, boolean firstFrozen) {
        Optimization(Function<TorchModule, TorchOptimizer> optimizer) {
            this(optimizer, 0, false);
        }
    }

    static Map<String, Optimization> optimizers(TorchModule first) {
        var cases = new LinkedHashMap<String, Optimization>();
        cases.put("sgd(model, 0.1)", new Optimization(model -> sgd(model, 0.1)));
        cases.put("sgd(model, 0.1), fedprox_mu 0.5", new Optimization(model -> sgd(model, 0.1), 0.5, false));
        cases.put("sgd(model, 0.05, 0.9, 0.01)", new Optimization(model -> sgd(model, 0.05, 0.9, 0.01)));
        cases.put("adam(model, 0.1)", new Optimization(model -> adam(model, 0.1)));
        cases.put("adam(model, 0.1, 0.3)", new Optimization(model -> adam(model, 0.1, 0.3)));
        cases.put(
                "adam(model, 0.1).rate(first, 0.01)",
                new Optimization(model -> adam(model, 0.1).rate(first, 0.01)));
        cases.put("adam(model, 0.1), first frozen", new Optimization(model -> adam(model, 0.1), 0, true));
        cases.put("adamW(model, 0.1)", new Optimization(model -> adamW(model, 0.1)));
        cases.put("adamW(model, 0.1, 0.3)", new Optimization(model -> adamW(model, 0.1, 0.3)));
        cases.put("rmsprop(model, 0.01)", new Optimization(model -> rmsprop(model, 0.01)));
        cases.put("adagrad(model, 0.1)", new Optimization(model -> adagrad(model, 0.1)));
        cases.put("lbfgs(model, 0.2, 5)", new Optimization(model -> lbfgs(model, 0.2, 5)));
        return cases;
    }

    static Map<String, Function<TorchPlan, Double>> schedules() {
        var cases = new LinkedHashMap<String, Function<TorchPlan, Double>>();
        cases.put("stepRate(0.3, 3, 0.5)", plan -> plan.stepRate(0.3, 3, 0.5));
        cases.put("exponentialRate(0.3, 0.9)", plan -> plan.exponentialRate(0.3, 0.9));
        cases.put("cosineRate(0.3, 8)", plan -> plan.cosineRate(0.3, 8));
        return cases;
    }

    static TorchModule network(TorchModule first) {
        return sequential(first, tanh(), linear(4, 2));
    }

    static TorchModule firstPart() {
        return linear(3, 4);
    }

    static TorchTensor meanSquare(TorchTensor output, TorchTensor target) {
        return mseLoss(output, target);
    }
}
