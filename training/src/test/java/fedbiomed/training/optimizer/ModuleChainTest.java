package fedbiomed.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.OptimizerModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Beside numbers that {@code src/test/python/modules_reference.py} computed. */
class ModuleChainTest {
    private static final JsonNode REFERENCE = reference();
    private static final Parameters PLACES = Parameters.builder()
            .put("a", Tensor.ofDoubles(new double[3], 3))
            .put("b", Tensor.ofDoubles(new double[1], 1, 1))
            .build();

    private static JsonNode reference() {
        try (var in = Objects.requireNonNull(ModuleChainTest.class.getResourceAsStream("modules.json"))) {
            return Json.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private static OptimizerModule module(String name, Map<String, Object> args) {
        return new OptimizerModule(name, new Args(args));
    }

    static IntStream cases() {
        return IntStream.range(0, REFERENCE.path("cases").size());
    }

    private static MemorySegment floats(double[] values, int from, int to) {
        var segment = Arena.ofAuto().allocate(4L * (to - from), 8);
        for (int i = from; i < to; i++) {
            segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * (i - from), (float) values[i]);
        }
        return segment;
    }

    /** The first three numbers are one tensor, the fourth another. */
    private static List<Gradient> doubles(double[] weights, double[] gradient) {
        return List.of(
                new Gradient(
                        "a",
                        DType.F64,
                        MemorySegment.ofArray(Arrays.copyOf(weights, 3)),
                        MemorySegment.ofArray(Arrays.copyOf(gradient, 3))),
                new Gradient(
                        "b",
                        DType.F64,
                        MemorySegment.ofArray(new double[] {weights[3]}),
                        MemorySegment.ofArray(new double[] {gradient[3]})));
    }

    private static List<Gradient> floats(double[] weights, double[] gradient) {
        return List.of(
                new Gradient("a", DType.F32, floats(weights, 0, 3), floats(gradient, 0, 3)),
                new Gradient("b", DType.F32, floats(weights, 3, 4), floats(gradient, 3, 4)));
    }

    private static double[] values(List<Gradient> gradients) {
        return gradients.stream()
                .flatMapToDouble(each -> each.dtype() == DType.F64
                        ? Arrays.stream(each.values().toArray(ValueLayout.JAVA_DOUBLE))
                        : IntStream.range(0, (int) each.elements())
                                .mapToDouble(i -> each.values().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i)))
                .toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aModuleGivesWhatItsPaperSays(int number) {
        var expected = REFERENCE.path("cases").path(number);
        var weights = numbers(REFERENCE.path("weights"));
        var args = Json.MAPPER.convertValue(expected.path("args"), Args.class);
        var modules = List.of(new OptimizerModule(expected.path("name").asText(), args));
        var exact = ModuleChain.of(modules, PLACES, null);
        var rounded = ModuleChain.of(
                modules,
                Parameters.builder()
                        .put("a", Tensor.ofFloats(new float[3], 3))
                        .put("b", Tensor.ofFloats(new float[1], 1, 1))
                        .build(),
                null);
        for (int step = 0; step < 3; step++) {
            var gives = numbers(expected.path("gives").path(step));
            var gradient = numbers(REFERENCE.path("gradients").path(step));
            var inDoubles = doubles(weights, gradient);
            exact.on(inDoubles);
            assertThat(values(inDoubles)).as("step %s in binary64", step).containsExactly(gives, within(1e-12));
            var inFloats = floats(weights, gradient);
            rounded.on(inFloats);
            assertThat(values(inFloats)).as("step %s in binary32", step).containsExactly(gives, within(2e-6));
        }
    }

    /** What is offered, in the documentation's words, has a reference. */
    @Test
    void everyModuleHasAReference() {
        var referenced = new TreeSet<String>();
        REFERENCE
                .path("cases")
                .forEach(expected -> referenced.add(expected.path("name").asText()));
        assertThatThrownBy(() -> OptimizerModules.check(List.of(module("", Map.of()))))
                .hasMessage(
                        "there is no optimizer module ''; there are momentum, nesterov, adam, yogi, adagrad, rmsprop,"
                                + " clip_norm, clip_value, ridge, lasso");
        assertThat(referenced)
                .containsExactlyInAnyOrder(
                        "momentum, nesterov, adam, yogi, adagrad, rmsprop, clip_norm, clip_value, ridge, lasso"
                                .split(", ", -1));
    }

    @Test
    void modulesWorkInTheOrderGiven() {
        var clip = module("clip_value", Map.of("max", 1));
        var momentum = module("momentum", Map.of("beta", 0.5));
        assertThat(secondStep(clip, momentum)).isEqualTo(0.5 + 1);
        assertThat(secondStep(momentum, clip)).isEqualTo(1);
    }

    /** Gradients of 4 twice. */
    private static double secondStep(OptimizerModule... modules) {
        var chain = ModuleChain.of(List.of(modules), PLACES, null);
        List<Gradient> shown = List.of();
        for (int step = 0; step < 2; step++) {
            shown = doubles(new double[4], new double[] {4, 4, 4, 4});
            chain.on(shown);
        }
        return values(shown)[3];
    }

    static Stream<List<OptimizerModule>> kept() {
        return Stream.of(
                List.of(module("adam", Map.of("amsgrad", true))),
                List.of(module("yogi", Map.of()), module("momentum", Map.of()), module("momentum", Map.of())),
                List.of(module("clip_norm", Map.of("max_norm", 1)), module("rmsprop", Map.of())));
    }

    @ParameterizedTest
    @MethodSource("kept")
    void aChainGoesOnFromWhatItKept(List<OptimizerModule> modules) {
        var whole = ModuleChain.of(modules, PLACES, null);
        var first = ModuleChain.of(modules, PLACES, null);
        var weights = numbers(REFERENCE.path("weights"));
        for (int step = 0; step < 2; step++) {
            whole.on(doubles(weights, numbers(REFERENCE.path("gradients").path(step))));
            first.on(doubles(weights, numbers(REFERENCE.path("gradients").path(step))));
        }
        var own = Parameters.builder()
                .put("a", Tensor.ofDoubles(new double[] {7}, 1))
                .build();
        var state = first.withState(own);
        assertThat(state.get("a")).isEqualTo(own.get("a"));
        var next = ModuleChain.of(modules, PLACES, state);
        var expected = doubles(weights, numbers(REFERENCE.path("gradients").path(2)));
        var gives = doubles(weights, numbers(REFERENCE.path("gradients").path(2)));
        whole.on(expected);
        next.on(gives);
        assertThat(values(gives)).isEqualTo(values(expected));
        assertThat(next.withState(own)).isEqualTo(whole.withState(own));
    }

    @Test
    void whatWasKeptOfOtherModulesIsAnError() {
        var adam = ModuleChain.of(List.of(module("adam", Map.of())), PLACES, null)
                .withState(Parameters.builder().build());
        assertUnfit(List.of(module("yogi", Map.of())), adam);
        assertUnfit(List.of(module("adam", Map.of("amsgrad", true))), adam);
        assertUnfit(List.of(module("ridge", Map.of()), module("adam", Map.of())), adam);
        assertUnfit(List.of(), adam);
        assertUnfit(List.of(module("adam", Map.of())), Parameters.builder().build());
        var negative = Parameters.builder();
        adam.tensors()
                .forEach((name, tensor) ->
                        negative.put(name, name.endsWith("/steps") ? Tensor.ofLongs(new long[] {-1}) : tensor));
        assertUnfit(List.of(module("adam", Map.of())), negative.build());
    }

    private static void assertUnfit(List<OptimizerModule> modules, Parameters kept) {
        assertThatThrownBy(() -> ModuleChain.of(modules, PLACES, kept))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining("Keep aggregator and optimizer_modules as they were");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "adam      | {\"beta_1\": 1}          | beta_1 of the optimizer module 'adam' must be a number at least 0 and below 1, not 1.0",
                "adam      | {\"beta\": 0.9}          | has no argument 'beta'; it knows amsgrad, beta_1, beta_2, bias_correction, eps",
                "adam      | {\"amsgrad\": 1}         | 'amsgrad' must be true or false, not 1",
                "momentum  | {\"beta\": -0.1}         | beta of the optimizer module 'momentum' must be a number at least 0",
                "momentum  | {\"beta\": \"much\"}     | 'beta' must be a number, not much",
                "rmsprop   | {\"eps\": 0}             | eps of the optimizer module 'rmsprop' must be a number above 0, not 0.0",
                "clip_norm | {}                       | the optimizer module 'clip_norm' needs 'max_norm', a number above 0",
                "clip_value| {\"max\": 0}             | max of the optimizer module 'clip_value' must be a number above 0",
                "ridge     | {\"alpha\": -1}          | alpha of the optimizer module 'ridge' must be a number at least 0, not -1.0",
                "adamw     | {}                       | there is no optimizer module 'adamw'; there are momentum",
            })
    void whatIsUnknownOrOutOfRangeIsNamed(String name, String args, String message) throws IOException {
        var module = new OptimizerModule(name, Json.MAPPER.readValue(args, Args.class));
        assertThatThrownBy(() -> OptimizerModules.check(List.of(module)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining(message);
    }

    @Test
    void aChainKeepsNoMoreThanItMay() {
        var adam = module("adam", Map.of());
        assertThatCode(() -> OptimizerModules.check(Collections.nCopies(4, adam)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> OptimizerModules.check(Collections.nCopies(5, adam)))
                .hasMessageContaining("keep 10 vectors")
                .hasMessageContaining("at most 8");
    }

    /** More elements than a chunk has, and not a multiple of it. */
    @Test
    void longTensorsAreWorkedOnToTheirEnd() {
        int n = 10_007;
        var places = Parameters.builder()
                .put("w", Tensor.ofDoubles(new double[n], n))
                .build();
        var chain = ModuleChain.of(
                List.of(module("clip_norm", Map.of("max_norm", 1)), module("momentum", Map.of())), places, null);
        var gradient = new double[n];
        Arrays.fill(gradient, 3);
        chain.on(List.of(
                new Gradient("w", DType.F64, MemorySegment.ofArray(new double[n]), MemorySegment.ofArray(gradient))));
        assertThat(gradient).containsOnly(gradient[0]);
        assertThat(gradient[n - 1]).isCloseTo(1 / Math.sqrt(n), within(1e-15));
    }
}
