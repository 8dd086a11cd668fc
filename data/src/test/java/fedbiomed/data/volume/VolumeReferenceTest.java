package fedbiomed.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.volume.Intensity.Voxels;
import fedbiomed.data.volume.Resampling.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SciPy and NumPy make of the same volume: reference.csv, written by src/test/python/volume_reference.py. */
class VolumeReferenceTest {
    private static final Map<String, UnaryOperator<Volume>> TRANSFORMS = Map.of(
            "linear spacing 1.5 1.5 1.5", v -> Resampling.toSpacing(v, Method.LINEAR, 1.5, 1.5, 1.5),
            "linear spacing 3 0.7 4", v -> Resampling.toSpacing(v, Method.LINEAR, 3, 0.7, 4),
            "linear shape 7 3 6", v -> Resampling.toShape(v, Method.LINEAR, 7, 3, 6),
            "nearest shape 7 3 7", v -> Resampling.toShape(v, Method.NEAREST, 7, 3, 7),
            "z-score", v -> Intensity.zScore(v, Voxels.ALL),
            "z-score non-zero", v -> Intensity.zScore(v, Voxels.NON_ZERO),
            "min-max -1 1", v -> Intensity.minMax(v, -1, 1));

    private final Map<String, Volume> reference = new LinkedHashMap<>();

    @BeforeEach
    void read() throws IOException {
        try (var in = Objects.requireNonNull(getClass().getResourceAsStream("reference.csv"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                var cells = line.split(";", -1);
                var shape = Arrays.stream(cells[1].split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray();
                var texts = cells[2].split(",", -1);
                var values = new float[texts.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) Double.parseDouble(texts[i]);
                }
                reference.put(cells[0], new Volume(values, shape, new double[] {2, 1, 3}));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "linear spacing 1.5 1.5 1.5",
                "linear spacing 3 0.7 4",
                "linear shape 7 3 6",
                "nearest shape 7 3 7",
                "z-score",
                "z-score non-zero",
                "min-max -1 1"
            })
    void aTransformGivesWhatSciPyGives(String name) {
        var transform = Objects.requireNonNull(TRANSFORMS.get(name));
        var expected = Objects.requireNonNull(reference.get(name));
        var volume = Objects.requireNonNull(reference.get("volume"));
        var before = volume.values().clone();
        var result = transform.apply(volume);
        assertThat(result.shape()).containsExactly(expected.shape());
        assertThat(result.values()).containsExactly(expected.values(), within(2e-5f));
        assertThat(volume.values()).as("the volume given").containsExactly(before);
    }
}
