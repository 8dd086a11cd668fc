package fedbiomed.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.data.volume.Volume;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real and made images read as nibabel reads them: reference.csv, written by src/test/python/nifti_reference.py. */
class NiftiReferenceTest {
    static List<ReferenceVolume> images() {
        return ReferenceVolume.beside(NiftiReferenceTest.class);
    }

    @ParameterizedTest
    @MethodSource("images")
    void anImageIsReadAsNibabelReadsIt(ReferenceVolume expected) {
        var file = NiftiFile.open(expected.file());
        expected.assertSameAs(file);
        assertThat(file.header().affine().stream().mapToDouble(x -> x).toArray())
                .containsExactly(
                        ReferenceVolume.reals(expected.extra()).stream()
                                .mapToDouble(x -> x)
                                .toArray(),
                        within(1e-5));
    }

    /** And in pieces of slabs, as large ones are cut: what a chunk is changes nothing. */
    @Test
    void aVolumeIsWrittenTheSameToMemoryOutsideTheHeap() {
        var file = NiftiFile.open(ReferenceVolume.resource(getClass(), "functional.nii"));
        var onHeap = file.read();
        try (var arena = Arena.ofConfined()) {
            var segment = arena.allocate(1 + 4 * file.voxels(), 1).asSlice(1);
            file.readInto(segment);
            assertThat(segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).isEqualTo(onHeap.values());
        }
        assertThat(sameInSmallChunks(onHeap)).isTrue();
    }

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
