package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VectorMathTest {
    @TempDir
    Path folder;

    private Path file(String name, Parameters parameters) {
        var file = folder.resolve(name);
        Safetensors.write(file, parameters);
        return file;
    }

    private static Tensor halves(DType dtype, float... values) {
        var data = MemorySegment.ofArray(new byte[2 * values.length]);
        for (int i = 0; i < values.length; i++) {
            data.set(
                    Layouts.I16,
                    2L * i,
                    dtype == DType.F16 ? Float.floatToFloat16(values[i]) : BFloat16.fromFloat(values[i]));
        }
        return Tensor.of(dtype, new long[] {values.length}, data);
    }

    @Test
    void theMeanIsWeightedRoundedToEachDtypeAndHasTheMetadataGiven() {
        var one = file(
                "one",
                Parameters.builder()
                        .metadata("old", "1")
                        .put("f32", Tensor.ofFloats(new float[] {1, 10}, 2))
                        .put("f64", Tensor.ofDoubles(new double[] {0.1, -3}, 1, 2))
                        .put("f16", halves(DType.F16, 1, 2))
                        .put("bf16", halves(DType.BF16, 4, 8))
                        .put("steps", Tensor.ofLongs(new long[] {Long.MAX_VALUE, 2}, 2))
                        .build());
        var two = file(
                "two",
                Parameters.builder()
                        .put("f32", Tensor.ofFloats(new float[] {5, 20}, 2))
                        .put("f64", Tensor.ofDoubles(new double[] {0.1, 1}, 1, 2))
                        .put("f16", halves(DType.F16, 3, 6))
                        .put("bf16", halves(DType.BF16, 8, 4))
                        .put("steps", Tensor.ofLongs(new long[] {3, 4}, 2))
                        .build());
        var out = folder.resolve("mean");

        VectorMath.weightedMean(List.of(one, two), new double[] {300, 100}, Map.of("round", "7"), out);

        try (var mean = Safetensors.open(out)) {
            var p = mean.parameters();
            assertThat(p.metadata()).isEqualTo(Map.of("round", "7"));
            assertThat(p.names()).containsExactly("f32", "f64", "f16", "bf16", "steps");
            assertThat(p.get("f32").toFloats()).containsExactly(2, 12.5f);
            assertThat(p.get("f64").shape()).containsExactly(1, 2);
            assertThat(p.get("f64").toDoubles()).containsExactly((300 * 0.1 + 100 * 0.1) / 400, -2);
            assertThat(p.get("f16").toDoubles()).containsExactly(1.5, 3);
            assertThat(p.get("bf16").toDoubles()).containsExactly(5, 7);
            assertThat(p.get("steps").data().get(Layouts.I64, 0)).isEqualTo(Long.MAX_VALUE);
        }
    }

    /** Sizes about the chunk's, so that each way of cutting a tensor into chunks occurs. */
    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                Chunk.MAX_ELEMENTS - 1,
                Chunk.MAX_ELEMENTS,
                Chunk.MAX_ELEMENTS + 1,
                5 * Chunk.MAX_ELEMENTS + 17
            })
    void theMeanOverManyChunksIsThatOfOneThreadBitForBit(int elements) throws IOException {
        var random = new SplittableRandom(elements);
        var weights = new double[] {3, 0, 0.5, 11};
        var files = new ArrayList<Path>();
        var expected = new double[elements];
        for (int m = 0; m < weights.length; m++) {
            var values = random.doubles(elements, -1, 1).toArray();
            var floats = new float[elements];
            for (int i = 0; i < elements; i++) {
                floats[i] = (float) values[i];
                expected[i] += weights[m] * floats[i];
            }
            files.add(file(
                    "update" + m,
                    Parameters.builder()
                            .put("flag", Tensor.of(DType.BOOL, new long[] {3}, MemorySegment.ofArray(new byte[3])))
                            .put("w", Tensor.ofFloats(floats, elements))
                            .build()));
        }
        var out = folder.resolve("mean");
        var first = folder.resolve("first");
        double sum = Arrays.stream(weights).sum();

        VectorMath.weightedMean(files, weights, Map.of(), first);
        for (int repetition = 0; repetition < 5; repetition++) {
            VectorMath.weightedMean(files, weights, Map.of(), out);
            assertThat(Files.mismatch(first, out)).isEqualTo(-1);
        }
        try (var mean = Safetensors.open(out)) {
            var got = mean.parameters().get("w").toFloats();
            for (int i = 0; i < elements; i++) {
                assertThat(got[i]).isEqualTo((float) (expected[i] / sum));
            }
        }
    }

    @Test
    void theMeanOfEqualModelsIsThatModelAndMayReplaceOneOfThem() throws IOException {
        var parameters = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[] {0.1f, -7e-30f, 3e38f}, 3))
                .build();
        var one = file("one", parameters);
        var two = file("two", parameters);
        var before = Files.readAllBytes(one);
        VectorMath.weightedMean(List.of(one, two), new double[] {1, 2}, Map.of(), one);
        assertThat(Files.readAllBytes(one)).isEqualTo(before);
    }

    @Test
    void aModelOfAnotherStructureIsReportedByFileAndTensorAndNothingIsWritten() {
        var one = file(
                "one",
                Parameters.builder().put("w", Tensor.ofFloats(new float[2], 2)).build());
        var two = file(
                "two",
                Parameters.builder().put("w", Tensor.ofFloats(new float[3], 3)).build());
        var out = folder.resolve("mean");
        assertThatThrownBy(() -> VectorMath.weightedMean(List.of(one, two), new double[] {1, 1}, Map.of(), out))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("one and two: the models differ in tensor 'w': F32[2] here, F32[3]");
        assertThat(out).doesNotExist();
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void weightsThatAreNoWeightsAreRefused() {
        var one = file(
                "one",
                Parameters.builder().put("w", Tensor.ofFloats(new float[2], 2)).build());
        var out = folder.resolve("mean");
        for (var weights : new double[][] {{}, {0}, {-1}, {Double.NaN}, {Double.POSITIVE_INFINITY}, {1, 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> VectorMath.weightedMean(List.of(one), weights, Map.of(), out));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VectorMath.weightedMean(List.of(), new double[0], Map.of(), out));
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void aTensorThatIsNotFiniteIsNamed(DType dtype) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            var values = new float[] {1, -2, bad, 0};
            var tensor = switch (dtype) {
                case F64 -> Tensor.ofDoubles(new double[] {1, bad}, 2);
                case F32 -> Tensor.ofFloats(values, 4);
                default -> halves(dtype, values);
            };
            var parameters = Parameters.builder()
                    .put("fine", Tensor.ofFloats(new float[] {Float.MAX_VALUE, Float.MIN_VALUE}, 2))
                    .put("bad", tensor)
                    .put("worse", tensor)
                    .build();
            assertThatThrownBy(() -> VectorMath.requireFinite(parameters, "the update of hospital-a"))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageStartingWith("the update of hospital-a has NaN or infinite values in tensor 'bad'");
        }
    }

    @Test
    void finiteNumbersAndIntegersOfAnyBitsPass() {
        VectorMath.requireFinite(
                Parameters.builder()
                        .put("f64", Tensor.ofDoubles(new double[] {Double.MAX_VALUE, -Double.MAX_VALUE, -0.0}, 3))
                        .put("f16", halves(DType.F16, 65504, -65504))
                        .put("bf16", halves(DType.BF16, 1e38f))
                        .put("i64", Tensor.ofLongs(new long[] {-1, 0x7FF0000000000000L}, 2))
                        .build(),
                "it");
    }
}
