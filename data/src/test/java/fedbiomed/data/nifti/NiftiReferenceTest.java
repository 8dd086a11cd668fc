package fedbiomed.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.volume.ReferenceVolume;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"functional.nii", "example_nifti2.nii.gz"})
    void oneInstanceServesSeveralThreads(String name) {
        ReferenceVolume.assertSameInThreads(NiftiFile.open(ReferenceVolume.resource(getClass(), name)));
    }

    @Test
    void aVolumeIsWrittenTheSameToMemoryOutsideTheHeap() {
        var file = NiftiFile.open(ReferenceVolume.resource(getClass(), "functional.nii"));
        try (var arena = Arena.ofConfined()) {
            var segment = arena.allocate(1 + 4 * file.voxels(), 1).asSlice(1);
            file.readInto(segment);
            assertThat(segment.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .isEqualTo(file.read().values());
        }
    }
}
