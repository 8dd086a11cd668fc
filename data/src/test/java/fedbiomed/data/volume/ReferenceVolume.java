package fedbiomed.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A line of a reference.csv beside the images: what the field's reference reader says of one.
 *
 * @param sum of all values, NaN as 0
 * @param weighted sum of value times (C-order index mod 101 + 1), which any other order of the voxels changes
 * @param voxels some of them, as {@code 1,2,3=4.0 ...}
 * @param extra the reader's own
 */
public record ReferenceVolume(
        Path file,
        List<Integer> shape,
        List<Double> spacing,
        String type,
        double sum,
        double weighted,
        List<String> voxels,
        String extra) {

    /** Those of the reference.csv beside {@code test}. */
    public static List<ReferenceVolume> beside(Class<?> test) {
        try {
            return Files.readAllLines(resource(test, "reference.csv")).stream()
                    .map(line -> of(test, line.split(";", -1)))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static ReferenceVolume of(Class<?> test, String[] cells) {
        return new ReferenceVolume(
                resource(test, cells[0]),
                Arrays.stream(cells[1].split(",", -1)).map(Integer::valueOf).toList(),
                reals(cells[2]),
                cells[3],
                Double.parseDouble(cells[4]),
                Double.parseDouble(cells[5]),
                List.of(cells[6].split(" ", -1)),
                cells[7]);
    }

    public static List<Double> reals(String text) {
        return Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
    }

    /** A file of the test's resources. */
    public static Path resource(Class<?> test, String name) {
        try {
            return Path.of(Objects.requireNonNull(test.getResource(name), name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** What the file says and holds is what the reference says. */
    public void assertSameAs(VolumeFile file) {
        assertThat(Arrays.stream(file.shape()).boxed().toList()).isEqualTo(shape);
        assertThat(file.spacing())
                .containsExactly(spacing.stream().mapToDouble(x -> x).toArray(), within(1e-6));
        assertThat(file.storedType()).isEqualTo(type);
        var volume = file.read();
        for (var voxel : voxels) {
            var parts = voxel.split("=", -1);
            var index = Arrays.stream(parts[0].split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertThat(Double.valueOf(volume.at(index))).as(voxel).isEqualTo(Double.valueOf(parts[1]));
        }
        double magnitude = 0;
        double total = 0;
        double totalWeighted = 0;
        for (int i = 0; i < volume.values().length; i++) {
            float value = volume.values()[i];
            if (!Float.isNaN(value)) {
                magnitude += Math.abs(value);
                total += value;
                totalWeighted += (double) value * (i % 101 + 1);
            }
        }
        assertThat(total).isCloseTo(sum, within(1e-12 * magnitude));
        assertThat(totalWeighted).isCloseTo(weighted, within(1e-10 * magnitude));
    }

    /** One instance serves several threads. */
    public static void assertSameInThreads(VolumeFile file) {
        var alone = file.read().values();
        var together = IntStream.range(0, 8)
                .parallel()
                .mapToObj(_ -> file.read().values())
                .toList();
        assertThat(together).allMatch(values -> Arrays.equals(values, alone));
    }

    /** For the names of parameterized tests. */
    @Override
    public String toString() {
        return String.valueOf(file.getFileName());
    }
}
