package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.training.optimizer.FedProx;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layer, function, loss, optimizer and schedule beside Python's; {@code src/test/python/torch_reference.py} ran there. */
class TorchReferenceTest {
    private static final JsonNode REFERENCE = reference();
    private static final int SEED = 7;
    private static final int STEPS = 3;

    private static JsonNode reference() {
        try (var in = Objects.requireNonNull(TorchReferenceTest.class.getResourceAsStream("reference.json"))) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(String group) {
        return REFERENCE.path(group).propertyStream().map(Map.Entry::getKey).toList();
    }

    static Stream<String> layers() {
        return names("layers").stream();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void layersAndFunctionsGiveAndLearnTheSame(String name) {
        var expected = REFERENCE.path("layers").path(name);
        try (var scope = new PointerScope()) {
            torch.manual_seed(SEED);
            var module =
                    Objects.requireNonNull(TorchCases.layers().get(name), name).get();
            Numbers.fillParameters(module);
            var shape = StreamSupport.stream(expected.path("shape").spliterator(), false)
                    .mapToLong(JsonNode::asLong)
                    .toArray();
            int below = expected.path("below").asInt();
            var input = below > 0 ? Numbers.whole(below, 8, shape) : Numbers.filled(8, shape);
            input.raw.set_requires_grad(below == 0);
            var parameters = new ArrayList<>(NativeTensors.parameters(module).values());
            module.train(true);
            for (int step = 0; step < STEPS; step++) {
                torch.manual_seed(SEED);
                var output = module.forward(input);
                var loss = output.subtract(Numbers.filled(9, output.shape()))
                        .square()
                        .mean();
                loss.raw.backward();
                if (step == 0) {
                    Numbers.assertAlike("output", output, expected.path("output"));
                    if (below == 0) {
                        Numbers.assertAlike("gradient", new TorchTensor(input.raw.grad()), expected.path("gradient"));
                    }
                }
                descend(parameters);
            }
            module.train(false);
            Numbers.assertAlike("evaluated", module.forward(input), expected.path("evaluated"));
            Numbers.assertAlike(module, expected.path("after"));
        }
    }

    private static void descend(List<Tensor> parameters) {
        if (!parameters.isEmpty()) {
            var optimizer = new SGD(new TensorVector(parameters.toArray(Tensor[]::new)), new SGDOptions(0.1));
            optimizer.step();
            optimizer.zero_grad();
        }
    }

    static Stream<String> tensors() {
        return names("tensors").stream();
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void tensorsComputeTheSame(String name) {
        try (var scope = new PointerScope()) {
            var x = Numbers.filled(8, 2, 3, 4).multiply(0.5).add(0.51);
            var value =
                    Objects.requireNonNull(TorchCases.tensors().get(name), name).apply(x, Numbers.filled(1, 2, 3, 4));
            Numbers.assertAlike(name, value, REFERENCE.path("tensors").path(name));
        }
    }

    static Stream<String> losses() {
        return names("losses").stream();
    }

    @ParameterizedTest
    @MethodSource("losses")
    void lossesAndTheirGradientsAreTheSame(String name) {
        var expected = REFERENCE.path("losses").path(name);
        try (var scope = new PointerScope()) {
            var loss = Objects.requireNonNull(TorchCases.losses().get(name), name);
            loss.x().raw.set_requires_grad(true);
            var value = loss.function().apply(loss.x());
            Numbers.assertAlike(name, value, expected.path("value"));
            assertThat(value.raw.requires_grad()).isEqualTo(expected.has("gradient"));
            if (expected.has("gradient")) {
                value.raw.backward();
                Numbers.assertAlike("gradient", new TorchTensor(loss.x().raw.grad()), expected.path("gradient"));
            }
        }
    }

    static Stream<String> optimizers() {
        return names("optimizers").stream();
    }

    /** By the same {@link StepMaker} as in a node's training. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void optimizersTakeTheSameSteps(String name) {
        var expected = REFERENCE.path("optimizers").path(name);
        try (var scope = new PointerScope()) {
            var first = TorchCases.firstPart();
            var optimization =
                    Objects.requireNonNull(TorchCases.optimizers(first).get(name), name);
            if (optimization.firstFrozen()) {
                first.freeze();
            }
            var model = TorchCases.network(first);
            Numbers.fillParameters(model);
            var optimizer = optimization.optimizer().apply(model);
            var maker = new StepMaker(
                    optimizer.make(optimizer.groups()), new TravellingTensors(model, true), new PlanGuard(Set.of()));
            var incoming = NativeTensors.copy(NativeTensors.of(model));
            maker.hook(new FedProx(optimization.fedproxMu(), incoming));
            model.train(true);
            var losses = new double[STEPS];
            for (int step = 0; step < STEPS; step++) {
                var x = Numbers.filled(20 + step, 5, 3);
                var y = Numbers.filled(30 + step, 5, 2);
                losses[step] = maker.make(() -> TorchCases.meanSquare(model.forward(x), y));
            }
            Numbers.assertAlike("losses", losses, expected.path("losses"));
            Numbers.assertAlike(model, expected.path("after"));
        }
    }

    static Stream<String> schedules() {
        return names("schedules").stream();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void ratesGoOverRoundsAsPyTorchsSchedulers(String name) {
        var plan = new Rates();
        var rate = Objects.requireNonNull(TorchCases.schedules().get(name), name);
        var rates = new double[8];
        for (int round = 1; round <= rates.length; round++) {
            plan.round(round);
            rates[round - 1] = rate.apply(plan);
        }
        Numbers.assertAlike(name, rates, REFERENCE.path("schedules").path(name));
    }

    /** Something that is offered without a reference fails here. */
    @Test
    void nothingIsOfferedWithoutAReference() {
        assertThat(names("layers"))
                .containsExactlyElementsOf(TorchCases.layers().keySet());
        assertThat(names("tensors"))
                .containsExactlyElementsOf(TorchCases.tensors().keySet());
        assertThat(words("layers", "losses", "optimizers", "schedules"))
                .containsAll(offered(TorchLayers.class))
                .containsAll(offered(TorchFunctions.class))
                .containsAll(offered(TorchLosses.class))
                .containsAll(offered(TorchOptimizers.class));
        var plain = Set.of("shape", "size", "elements", "assign");
        assertThat(words("tensors"))
                .containsAll(offered(TorchTensor.class).stream()
                        .filter(method -> !plain.contains(method))
                        .toList());
    }

    private static Set<String> words(String... groups) {
        return Arrays.stream(groups)
                .flatMap(group -> names(group).stream())
                .flatMap(name -> Arrays.stream(name.split("\\W+", -1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of the methods that a plan may call; a round's number is no computation. */
    private static Set<String> offered(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> (method.getModifiers() & (Modifier.PROTECTED | Modifier.PUBLIC)) != 0)
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .filter(name -> !name.equals("round"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static final class Rates extends TorchPlan {
        @Override
        public TrainingData data(DatasetView dataset) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TorchModule model(Args args) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TorchOptimizer optimizer(TorchModule model, Args args) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TorchTensor trainingStep(TorchModule model, Batch batch) {
            throw new UnsupportedOperationException();
        }
    }
}
