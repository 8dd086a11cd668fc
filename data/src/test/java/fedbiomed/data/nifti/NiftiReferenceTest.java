package fedbiomed.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.volume.Volume;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real and made images read as nibabel reads them: reference.csv, written by src/test/python/nifti_reference.py. */
class NiftiReferenceTest {
    record Expected(
            String file,
            int[] shape,
            double[] spacing,
            String type,
            double sum,
            double weighted,
            String voxels,
            double[] affine) {
        @Override
        public String toString() {
            return file;
        }
    }

    static Stream<Expected> images() throws IOException {
        return Files.readAllLines(resource("reference.csv")).stream().map(line -> {
            var cells = line.split(";", -1);
            return new Expected(
                    cells[0],
                    Arrays.stream(cells[1].split(",", -1))
                            .mapToInt(Integer::parseInt)
                            .toArray(),
                    reals(cells[2]),
                    cells[3],
                    Double.parseDouble(cells[4]),
                    Double.parseDouble(cells[5]),
                    cells[6],
                    reals(cells[7]));
        });
    }

    private static double[] reals(String text) {
        return Arrays.stream(text.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(NiftiReferenceTest.class.getResource(name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("images")
    void anImageIsReadAsNibabelReadsIt(Expected expected) {
        var file = NiftiFile.open(resource(expected.file));
        assertThat(file.shape()).containsExactly(expected.shape);
        assertThat(file.spacing()).containsExactly(expected.spacing);
        assertThat(file.storedType()).isEqualTo(expected.type);
        assertThat(file.header().affine().stream().mapToDouble(x -> x).toArray())
                .containsExactly(expected.affine, within(1e-5));
        var volume = file.read();
        for (var voxel : List.of(expected.voxels.split(" ", -1))) {
            var parts = voxel.split("=", -1);
            var index = Arrays.stream(parts[0].split(",", -1))
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertThat(Double.valueOf(volume.at(index))).as(voxel).isEqualTo(Double.valueOf(parts[1]));
        }
        double magnitude = 0;
        double sum = 0;
        double weighted = 0;
        for (int i = 0; i < volume.values().length; i++) {
            float value = volume.values()[i];
            if (!Float.isNaN(value)) {
                magnitude += Math.abs(value);
                sum += value;
                weighted += (double) value * (i % 101 + 1);
            }
        }
        assertThat(sum).isCloseTo(expected.sum, within(1e-12 * magnitude));
        assertThat(weighted).isCloseTo(expected.weighted, within(1e-10 * magnitude));
    }

    /** In blocks, in pieces and a chunk in between: what a chunk is changes nothing. */
    @Test
    void aVolumeIsWrittenTheSameToMemoryOutsideTheHeap() {
        var file = NiftiFile.open(resource("functional.nii"));
        var onHeap = file.read();
        try (var arena = Arena.ofConfined()) {
            var segment = arena.allocate(1 + 4 * file.voxels(), 1).asSlice(1);
            file.readInto(segment);
            assertThat(segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).isEqualTo(onHeap.values());
        }
        assertThat(sameInSmallChunks(onHeap)).isTrue();
    }

    /** File order is C order of the reversed axes, so that reversing twice with other chunks must give the same again. */
    private static boolean sameInSmallChunks(Volume volume) {
        var reversal = new AxisReversal(volume.shape());
        var fileOrder = new float[volume.values().length];
        int at = 0;
        var shape = volume.shape();
        for (int t = 0; t < shape[3]; t++) {
            for (int k = 0; k < shape[2]; k++) {
                for (int j = 0; j < shape[1]; j++) {
                    for (int i = 0; i < shape[0]; i++) {
                        fileOrder[at++] = volume.at(i, j, k, t);
                    }
                }
            }
        }
        var target = new float[fileOrder.length];
        int slab = shape[0] * shape[1] * shape[2];
        for (int from = 0; from < fileOrder.length; ) {
            // pieces of a slab, which is what large slabs are cut into
            int count = Math.min(100, slab - from % slab);
            reversal.write(
                    Arrays.copyOfRange(fileOrder, from, from + count), count, from, MemorySegment.ofArray(target));
            from += count;
        }
        return Arrays.equals(target, volume.values());
    }
}
