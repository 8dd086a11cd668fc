package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.optimizer.FedProx;
import fedbiomed.training.optimizer.Gradient;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.training.optimizer.ModuleChain;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.OptimizerModule;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a hook sees and changes of PyTorch's gradients; modules beside PyTorch's own optimizers. */
class TorchGradientsTest {
    private static final int STEPS = 5;
    private static final double RATE = 0.05;

    /** A module before plain SGD, and the optimizer of PyTorch's that does the same. */
    record Pair(OptimizerModule module, Function<TorchModule, TorchOptimizer> same) {
        @Override
        public String toString() {
            return module.toString();
        }
    }

    private static Pair pair(String name, Map<String, Object> args, Function<TorchModule, TorchOptimizer> same) {
        return new Pair(new OptimizerModule(name, new Args(args)), same);
    }

    /** PyTorch's defaults differ: Adam's betas 0.9 and 0.999 with eps 1e-8, RMSprop's 0.99 and 1e-8, Adagrad's 1e-10. */
    static Stream<Pair> pairs() {
        return Stream.of(
                pair("momentum", Map.of(), model -> TorchOptimizers.sgd(model, RATE, 0.9, 0)),
                pair("adam", Map.of("beta_2", 0.999, "eps", 1e-8), model -> TorchOptimizers.adam(model, RATE)),
                pair("rmsprop", Map.of("beta", 0.99, "eps", 1e-8), model -> TorchOptimizers.rmsprop(model, RATE)),
                pair("adagrad", Map.of("eps", 1e-10), model -> TorchOptimizers.adagrad(model, RATE)),
                // a decay of d is the gradient of d / 2 |w|^2
                pair("ridge", Map.of("alpha", 0.15), model -> TorchOptimizers.sgd(model, RATE, 0, 0.3)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aModuleBeforeSgdIsPyTorchsOptimizer(Pair pair) {
        try (var scope = new PointerScope()) {
            var expected = train(pair.same, _ -> GradientHook.NONE);
            var trained = train(
                    model -> TorchOptimizers.sgd(model, RATE),
                    places -> ModuleChain.of(List.of(pair.module), places, null));
            trained.tensors()
                    .forEach((name, tensor) -> assertThat(tensor.toDoubles())
                            .as(name)
                            .containsExactly(expected.get(name).toDoubles(), within(5e-6)));
        }
    }

    private static Parameters train(
            Function<TorchModule, TorchOptimizer> optimizer, Function<Parameters, GradientHook> hook) {
        var model = TorchCases.network(TorchCases.firstPart());
        Numbers.fillParameters(model);
        var made = optimizer.apply(model);
        var maker =
                new StepMaker(made.make(made.groups()), new TravellingTensors(model, true), new PlanGuard(Set.of()));
        maker.hook(hook.apply(NativeTensors.copy(NativeTensors.parameters(model))));
        model.train(true);
        for (int step = 0; step < STEPS; step++) {
            var x = Numbers.filled(20 + step, 5, 3);
            var y = Numbers.filled(30 + step, 5, 2);
            maker.make(() -> TorchCases.meanSquare(model.forward(x), y));
        }
        return NativeTensors.copy(NativeTensors.parameters(model));
    }

    @Test
    void gradientsThatAreNotInOnePieceOrOfHalfPrecisionAreTakenBack() {
        try (var scope = new PointerScope()) {
            for (var type : List.of(torch.ScalarType.Float, torch.ScalarType.Double, torch.ScalarType.Half)) {
                var weights = Numbers.filled(1, 3, 2).raw.to(type);
                weights.set_requires_grad(true);
                var gradient = Numbers.filled(2, 2, 3).raw.to(type).t();
                assertThat(gradient.is_contiguous()).isFalse();
                var before = new TorchTensor(gradient.contiguous().to(torch.ScalarType.Double));
                weights.mutable_grad().put(gradient);
                var shown = NativeGradient.of("w", weights);
                boolean isDouble = type == torch.ScalarType.Double;
                assertThat(shown.shown().dtype()).isEqualTo(isDouble ? DType.F64 : DType.F32);
                var anchor = Parameters.builder().put("w", zeros(isDouble)).build();
                // g + 2 (w - 0)
                new FedProx(2, anchor).on(List.of(shown.shown()));
                shown.takeBack();
                var sum = before.raw.add(
                        weights.detach().to(torch.ScalarType.Double).mul(two()));
                var difference = weights.mutable_grad()
                        .to(torch.ScalarType.Double)
                        .sub(sum)
                        .abs()
                        .max()
                        .item_double();
                assertThat(difference).isLessThan(type == torch.ScalarType.Half ? 2e-3 : 1e-6);
            }
        }
    }

    private static Scalar two() {
        return new Scalar(2);
    }

    private static Tensor zeros(boolean isDouble) {
        return isDouble ? Tensor.ofDoubles(new double[6], 3, 2) : Tensor.ofFloats(new float[6], 3, 2);
    }

    /** PyTorch's own memory: what the hook writes is there at once. */
    @Test
    void gradientsOnTheCpuAreNotCopied() {
        try (var scope = new PointerScope()) {
            var first = TorchCases.firstPart();
            first.freeze();
            var model = TorchCases.network(first);
            Numbers.fillParameters(model);
            var tensors = new TravellingTensors(model, true);
            TorchCases.meanSquare(model.forward(Numbers.filled(1, 5, 3)), Numbers.filled(2, 5, 2))
                    .raw
                    .backward();
            var names = new ArrayList<String>();
            tensors.show(gradients -> {
                for (Gradient each : gradients) {
                    names.add(each.name());
                    var parameter = Objects.requireNonNull(
                            NativeTensors.parameters(model).get(each.name()));
                    assertThat(each.values().address())
                            .isEqualTo(parameter.mutable_grad().data_ptr().address());
                    assertThat(each.weights().address())
                            .isEqualTo(parameter.data_ptr().address());
                    each.values().set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 42);
                }
            });
            assertThat(names).as("not of frozen parts").containsExactly("2.weight", "2.bias");
            assertThat(tensors.trained()).containsExactly("2.weight", "2.bias");
            var bias = Objects.requireNonNull(NativeTensors.parameters(model).get("2.bias"))
                    .mutable_grad();
            assertThat(bias.select(0, 0).item_double()).isEqualTo(42);
        }
    }
}
