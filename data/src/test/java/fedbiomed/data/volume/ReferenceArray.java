package fedbiomed.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A line of what {@code medical_reference.py} wrote: a sample's array, after those transforms, in C order.
 *
 * @param transforms empty for none
 */
public record ReferenceArray(String sample, String array, String transforms, List<Long> shape, double[] values) {
    public static List<ReferenceArray> of(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .map(line -> line.split(";", -1))
                .map(cells -> new ReferenceArray(
                        cells[0],
                        cells[1],
                        cells[2],
                        Arrays.stream(cells[3].split(",", -1))
                                .map(Long::valueOf)
                                .toList(),
                        Arrays.stream(cells[4].split(",", -1))
                                .mapToDouble(Double::parseDouble)
                                .toArray()))
                .toList();
    }

    public void assertSame(SampleSource source, int index) {
        var read = Samples.read(source, array, index);
        assertThat(Arrays.stream(read.shape()).boxed().toList()).isEqualTo(shape);
        assertThat(read.toDoubles()).as(toString()).containsExactly(values, within(transforms.isEmpty() ? 0 : 2e-5));
    }

    @Override
    public String toString() {
        return sample + " " + array + " " + transforms;
    }
}
