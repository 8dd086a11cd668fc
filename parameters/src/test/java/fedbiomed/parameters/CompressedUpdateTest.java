package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressedUpdateTest {
    private static final Parameters NO_ERROR = Parameters.builder().build();
    /** More than a stretch, so that stretches' bounds are met. */
    private static final int MANY = Elements.MAX + 777;

    /** Half a unit in the last place of binary64's sums, generously. */
    private static final double TINY = 1e-12;

    @TempDir
    Path folder;

    private static CompressionScheme scheme(UpdateCompression asked) {
        return CompressionScheme.of(asked);
    }

    /** Normal numbers over ten orders of magnitude, and zeros. */
    private static double[] numbers(long seed, int n, double size) {
        var random = new SplittableRandom(seed);
        var numbers = new double[n];
        for (int i = 0; i < n; i++) {
            double magnitude = Math.pow(10, -10 * random.nextDouble());
            numbers[i] = random.nextInt(20) == 0 ? 0 : size * magnitude * random.nextGaussian();
        }
        return numbers;
    }

    private static Parameters model(double[] doubles, float[] floats) {
        return Parameters.builder()
                .put("f64", Tensor.ofDoubles(doubles, doubles.length, 1))
                .put("counter", Tensor.ofLongs(new long[] {doubles.length}, 1))
                .put("f32", Tensor.ofFloats(floats, 1, floats.length))
                .put("none", Tensor.ofFloats(new float[0], 0, 3))
                .put("vector", Tensor.ofFloats(new float[] {floats[0], 0}, 2))
                .metadata("model", "one")
                .build();
    }

    private static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static Parameters model(long seed, double size) {
        return model(numbers(seed, MANY, size), floats(numbers(seed + 1, 1000, size)));
    }

    private Parameters restored(CompressionScheme scheme, Parameters global, Path file) {
        var out = folder.resolve("restored.safetensors");
        CompressedUpdate.restore(scheme, global, file, "the update of node-1/data", out);
        return Safetensors.map(out);
    }

    private Path compressed(CompressionScheme scheme, Parameters global, Parameters trained, Parameters error) {
        var out = folder.resolve("compressed.safetensors");
        CompressedUpdate.write(scheme, global, trained, error, out, folder.resolve("error.safetensors"));
        return out;
    }

    private interface Bound {
        double of(double difference);
    }

    private static void assertWithin(Tensor global, Tensor trained, Tensor restored, Bound bound) {
        double roundingOfResult = restored.dtype() == DType.F64 ? 0x1p-52 : 0x1p-23;
        for (long i = 0; i < global.elements(); i++) {
            double wanted = trained.doubleAt(i);
            double difference = wanted - global.doubleAt(i);
            assertThat(Math.abs(restored.doubleAt(i) - wanted))
                    .as("element %d", i)
                    .isLessThanOrEqualTo(
                            bound.of(difference) + roundingOfResult * (Math.abs(wanted) + Math.abs(difference)));
        }
    }

    @Test
    void halvesAreWithinHalfAUnitOfTheirLastPlace() {
        var global = model(1, 1);
        var trained = model(2, 0.1);
        // binary16 is even below 2^-14: every 2^-24
        var float16 = restored(
                scheme(UpdateCompression.float16()),
                global,
                compressed(scheme(UpdateCompression.float16()), global, trained, NO_ERROR));
        var bfloat16 = restored(
                scheme(UpdateCompression.bfloat16()),
                global,
                compressed(scheme(UpdateCompression.bfloat16()), global, trained, NO_ERROR));
        for (var name : new String[] {"f64", "f32"}) {
            // by way of binary32, which may move a tie by 2^-24
            assertWithin(
                    global.get(name),
                    trained.get(name),
                    float16.get(name),
                    difference -> Math.max(0x1.001p-11 * Math.abs(difference), 0x1.001p-25));
            assertWithin(
                    global.get(name),
                    trained.get(name),
                    bfloat16.get(name),
                    difference -> 0x1.001p-8 * Math.abs(difference));
        }
        global.requireSameStructure(float16);
        assertThat(float16.metadata()).isEqualTo(global.metadata());
        assertThat(float16.get("counter")).isEqualTo(trained.get("counter"));
        assertThat(float16.get("vector")).isEqualTo(trained.get("vector"));
    }

    @Test
    void wholeNumbersAreWithinHalfAScale() {
        var global = model(3, 1);
        var trained = model(4, 0.1);
        var scheme = scheme(UpdateCompression.int8());
        var restored = restored(scheme, global, compressed(scheme, global, trained, NO_ERROR));
        for (var name : new String[] {"f64", "f32"}) {
            double greatest = 0;
            for (long i = 0; i < global.get(name).elements(); i++) {
                greatest = Math.max(
                        greatest,
                        Math.abs(
                                trained.get(name).doubleAt(i) - global.get(name).doubleAt(i)));
            }
            double half = greatest / 127 / 2 * (1 + 0x1p-15);
            assertWithin(global.get(name), trained.get(name), restored.get(name), _ -> half);
        }
    }

    @Test
    void theLargestDifferencesTravelAndNoOthers() {
        var global = model(5, 1);
        var trained = model(6, 0.1);
        var scheme = scheme(UpdateCompression.topK(0.01));
        var file = compressed(scheme, global, trained, NO_ERROR);
        var restored = restored(scheme, global, file);
        var before = global.get("f64");
        var after = trained.get("f64");
        int k = Math.toIntExact(Math.round(0.01 * MANY));
        var magnitudes = new double[MANY];
        for (int i = 0; i < MANY; i++) {
            magnitudes[i] = Math.abs(after.doubleAt(i) - before.doubleAt(i));
        }
        var sorted = magnitudes.clone();
        Arrays.sort(sorted);
        double smallestTaken = sorted[MANY - k];
        int moved = 0;
        for (int i = 0; i < MANY; i++) {
            if (magnitudes[i] >= smallestTaken) {
                assertThat(restored.get("f64").doubleAt(i))
                        .isCloseTo(after.doubleAt(i), org.assertj.core.data.Offset.offset(magnitudes[i] * 0x1p-23));
                moved++;
            } else {
                assertThat(restored.get("f64").doubleAt(i)).isEqualTo(before.doubleAt(i));
            }
        }
        assertThat(moved).isEqualTo(k);
        try (var mapped = Safetensors.open(file)) {
            assertThat(mapped.parameters().get("f64").elements()).isEqualTo(k);
            assertThat(mapped.parameters().get("f32").elements()).isEqualTo(10);
            assertThat(mapped.parameters().get("vector")).isEqualTo(trained.get("vector"));
            assertThat(mapped.parameters().get("none").elements()).isZero();
        }
    }

    /** Equal magnitudes: the first of them, and exactly as many as were asked for. */
    @Test
    void amongEqualDifferencesTheFirstTravel() {
        var global = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[10], 1, 10))
                .build();
        var trained = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[] {1, -2, 1, -1, 1, 3, 1, 1, 1, 1}, 1, 10))
                .build();
        var scheme = scheme(UpdateCompression.topK(0.4));
        assertThat(restored(scheme, global, compressed(scheme, global, trained, NO_ERROR))
                        .get("w")
                        .toFloats())
                .containsExactly(1, -2, 1, 0, 0, 3, 0, 0, 0, 0);
    }

    /** What was sent and what is still kept are together what training changed, over many rounds. */
    @ParameterizedTest
    @ValueSource(strings = {"int8", "top_k"})
    void nothingIsLostOverManyRounds(String name) throws IOException {
        var scheme = scheme(name.equals("int8") ? UpdateCompression.int8() : UpdateCompression.topK(0.1));
        int n = 300;
        var zeros = model(new double[n], new float[n]);
        var error = NO_ERROR;
        var sent64 = new double[n];
        var sent32 = new double[n];
        var true64 = new double[n];
        var true32 = new double[n];
        for (int round = 0; round < 20; round++) {
            var trained = model(numbers(round, n, 1), floats(numbers(1000 + round, n, 1)));
            var file = compressed(scheme, zeros, trained, error);
            var arrived = restored(scheme, zeros, file);
            add(sent64, arrived.get("f64"));
            add(sent32, arrived.get("f32"));
            add(true64, trained.get("f64"));
            add(true32, trained.get("f32"));
            var kept = folder.resolve("kept-" + round);
            Files.move(folder.resolve("error.safetensors"), kept);
            error = Safetensors.map(kept);
            assertThat(error.names()).containsExactly("f64", "f32", "none");
        }
        for (int i = 0; i < n; i++) {
            assertThat(sent64[i] + error.get("f64").doubleAt(i))
                    .isCloseTo(true64[i], org.assertj.core.data.Offset.offset(TINY));
            // sent and kept are rounded to binary32 in each round
            assertThat(sent32[i] + error.get("f32").doubleAt(i))
                    .isCloseTo(true32[i], org.assertj.core.data.Offset.offset(20 * 5 * 0x1p-23));
        }
    }

    private static void add(double[] sums, Tensor tensor) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += tensor.doubleAt(i);
        }
    }

    @Test
    void theSizeIsKnownBefore() throws IOException {
        var global = Auxiliary.with(model(7, 1), "control", Auxiliary.floating(model(8, 1)));
        for (var asked : new UpdateCompression[] {
            UpdateCompression.bfloat16(),
            UpdateCompression.float16(),
            UpdateCompression.int8(),
            UpdateCompression.topK(0.01),
            UpdateCompression.topK(1)
        }) {
            var file = compressed(scheme(asked), global, global, NO_ERROR);
            assertThat(Files.size(file))
                    .as(asked.toString())
                    .isEqualTo(CompressedUpdate.sizeBytes(scheme(asked), global));
        }
    }

    /** Ratios of the data alone, of a binary32 model: headers are some hundred bytes. */
    @Test
    void bytesAreAHalfAQuarterAndTwiceTheFraction() {
        var model = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[1_000_000], 1000, 1000))
                .build();
        assertThat(CompressedUpdate.sizeBytes(scheme(UpdateCompression.bfloat16()), model))
                .isBetween(2_000_000L, 2_000_300L);
        assertThat(CompressedUpdate.sizeBytes(scheme(UpdateCompression.float16()), model))
                .isBetween(2_000_000L, 2_000_300L);
        assertThat(CompressedUpdate.sizeBytes(scheme(UpdateCompression.int8()), model))
                .isBetween(1_000_000L, 1_000_300L);
        assertThat(CompressedUpdate.sizeBytes(scheme(UpdateCompression.topK(0.1)), model))
                .isBetween(800_000L, 800_300L);
        assertThat(CompressedUpdate.sizeBytes(scheme(UpdateCompression.topK(0.01)), model))
                .isBetween(80_000L, 80_300L);
    }

    @Test
    void vectorsThatTravelAlongStayAsTheyAre() {
        var global = model(9, 1);
        var vector = Auxiliary.floating(model(10, 1));
        var trained = Auxiliary.with(model(11, 1), "control_change", vector);
        var expected = Auxiliary.with(global, "control_change", Auxiliary.floating(global));
        var scheme = scheme(UpdateCompression.int8());
        var restored = restored(scheme, expected, compressed(scheme, global, trained, NO_ERROR));
        assertThat(Auxiliary.vector(restored, "control_change")).isEqualTo(vector);
    }

    @Test
    void aDifferenceBeyondTheSchemesRangeIsToldByItsTensor() {
        var global = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[2], 1, 2))
                .build();
        var far = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[] {0, -70_000}, 1, 2))
                .build();
        assertThatThrownBy(() -> compressed(scheme(UpdateCompression.float16()), global, far, NO_ERROR))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContainingAll("tensor 'w'", "float16", "65504", "bfloat16");
        compressed(scheme(UpdateCompression.bfloat16()), global, far, NO_ERROR);
        var edge = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[] {0, 65_519}, 1, 2))
                .build();
        compressed(scheme(UpdateCompression.float16()), global, edge, NO_ERROR);
        var farther = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[] {0, 3.4e38f}, 1, 2))
                .build();
        assertThatThrownBy(() -> compressed(scheme(UpdateCompression.bfloat16()), global, farther, NO_ERROR))
                .hasMessageContaining("tensor 'w'");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void whatIsUnknownIsRefusedByName() {
        assertThatThrownBy(() -> scheme(new UpdateCompression("zip", Args.NONE)))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContainingAll("'zip'", "bfloat16, float16, int8 and top_k");
        assertThatThrownBy(() -> scheme(new UpdateCompression("int8", new Args(Map.of("bits", 4)))))
                .hasMessageContainingAll("int8", "'bits'");
        assertThatThrownBy(() -> scheme(new UpdateCompression("top_k", Args.NONE)))
                .hasMessageContaining("needs 'fraction'");
        for (double fraction : new double[] {0, -1, 1.5}) {
            assertThatThrownBy(() -> scheme(UpdateCompression.topK(fraction))).hasMessageContaining("not " + fraction);
        }
        assertThatThrownBy(() -> scheme(new UpdateCompression("top_k", new Args(Map.of("fraction", "much")))))
                .hasMessageContaining("fraction");
    }
}
