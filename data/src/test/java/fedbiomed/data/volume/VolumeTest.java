package fedbiomed.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.volume.Intensity.Voxels;
import fedbiomed.data.volume.Resampling.Method;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VolumeTest {
    private static Volume volume(int[] shape, float... values) {
        var spacing = new double[shape.length];
        Arrays.fill(spacing, 1);
        return new Volume(values, shape, spacing);
    }

    private static Volume counting(int... shape) {
        var values = new float[Volume.voxels(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return volume(shape, values);
    }

    @Test
    void theFarEndGetsTheOddVoxelOfCropAndPad() {
        assertThat(Framing.centreCrop(counting(6), 3).values()).containsExactly(2, 3, 4);
        assertThat(Framing.pad(counting(2), 9, 5).values()).containsExactly(9, 1, 2, 9, 9);
        assertThat(Framing.centreCrop(counting(2), 5).values()).containsExactly(1, 2);
        assertThat(Framing.pad(counting(3), 9, 2).values()).containsExactly(1, 2, 3);
        var both = Framing.cropOrPad(counting(4, 2), 0, 2, 3);
        assertThat(both.shape()).containsExactly(2, 3);
        assertThat(both.values()).containsExactly(3, 4, 0, 5, 6, 0);
    }

    @Test
    void axesWithoutANumberStay() {
        assertThat(Framing.centreCrop(counting(3, 2), 1).values()).containsExactly(3, 4);
        var series = counting(4, 1, 2);
        assertThat(Resampling.toShape(series, Method.LINEAR, 2).values()).containsExactly(2, 3, 6, 7);
        assertThat(Resampling.toSpacing(series, Method.NEAREST, 2).spacing()).containsExactly(2, 1, 1);
        assertThat(Resampling.toShape(series, Method.LINEAR, 2).spacing()).containsExactly(2, 1, 1);
    }

    /** A label that was not there must not appear between two that were. */
    @Test
    void labelsStayLabels() {
        var labels = volume(new int[] {4}, 0, 0, 7, 7);
        assertThat(Resampling.toShape(labels, Method.NEAREST, 8).values()).containsExactly(0, 0, 0, 0, 7, 7, 7, 7);
        assertThat(Resampling.toShape(labels, Method.NEAREST, 3).values()).containsExactly(0, 7, 7);
        assertThat(Resampling.toSpacing(labels, Method.NEAREST, 0.5).values()).containsExactly(0, 0, 0, 7, 7, 7, 7);
        assertThat(Resampling.toShape(labels, Method.LINEAR, 8).values())
                .containsExactly(0, 0, 0, 1.75f, 5.25f, 7, 7, 7);
    }

    @Test
    void constantVolumesHaveNoDeviation() {
        assertThat(Intensity.zScore(volume(new int[] {2}, 5, 5), Voxels.ALL).values())
                .containsExactly(0, 0);
        assertThat(Intensity.zScore(volume(new int[] {2}, 0, 0), Voxels.NON_ZERO)
                        .values())
                .containsExactly(0, 0);
        assertThat(Intensity.minMax(volume(new int[] {2}, 5, 5), -1, 1).values())
                .containsExactly(-1, -1);
    }

    @Test
    void brightAndDarkAreExchanged() {
        assertThat(Intensity.inverted(volume(new int[] {3}, 10, 20, 50)).values())
                .containsExactly(50, 40, 10);
    }

    @Test
    void valuesThatAreNotFiniteHaveNoStatistics() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            var volume = volume(new int[] {3}, 1, bad, 2);
            assertUnfit(() -> Intensity.zScore(volume, Voxels.ALL));
            assertUnfit(() -> Intensity.zScore(volume, Voxels.NON_ZERO));
            assertUnfit(() -> Intensity.minMax(volume, 0, 1));
            assertUnfit(() -> Intensity.inverted(volume));
        }
    }

    private static void assertUnfit(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining("not finite; replace them");
    }

    @Test
    void whatIsNoVolumeOrNoGridIsTheCallersMistake() {
        assertIllegal(() -> volume(new int[] {2, 2}, 1, 2, 3), "3 values do not fill a shape of [2, 2]");
        assertIllegal(() -> volume(new int[] {0}), "an axis of size 0");
        assertIllegal(() -> new Volume(new float[1], new int[] {1}, new double[] {0}), "a spacing of 0.0");
        assertIllegal(() -> new Volume(new float[1], new int[0], new double[0]), "1 to 7 axes");
        assertIllegal(() -> Volume.voxels(new int[] {1 << 16, 1 << 16}), "more voxels than an array can hold");
        assertIllegal(() -> counting(2).at(0, 0), "2 numbers do not name a voxel of [2]");
        assertIllegal(() -> Framing.pad(counting(2), 0, 2, 2), "2 sizes for a volume of shape [2]");
        assertIllegal(() -> Resampling.toShape(counting(2), Method.LINEAR, 2, 2), "2 numbers for a volume");
        assertIllegal(() -> Resampling.toShape(counting(2), Method.LINEAR, 0), "an axis of size 0");
        assertIllegal(() -> Resampling.toSpacing(counting(2), Method.LINEAR, Double.NaN), "a spacing of NaN");
        assertIllegal(() -> Resampling.toSpacing(counting(2), Method.LINEAR, 1e-12), "more voxels than an array");
    }

    private static void assertIllegal(ThrowingCallable call, String expected) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(expected);
    }
}
