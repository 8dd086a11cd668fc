package fedbiomed.data.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.volume.Resampling.Method;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeTransformsTest {
    private static Volume volume(float... values) {
        return new Volume(values, new int[] {values.length}, new double[] {2});
    }

    private static float[] applied(String text, float... values) {
        return VolumeTransforms.parse("T1", text, 1)
                .apply(volume(values), Method.LINEAR)
                .values();
    }

    @Test
    void stepsAreTakenInTheirOrder() {
        assertThat(applied("size=4 minmax", 10, 20)).containsExactly(0, 0.5f, 1, 0);
        assertThat(applied("minmax   size=4", 10, 20)).containsExactly(0, 0, 1, 0);
        assertThat(applied("fill=-5 pad=3 crop=2", 1, 2)).containsExactly(1, 2);
        assertThat(applied("crop=1 fill=-5 pad=3", 1, 2)).containsExactly(-5, 1, -5);
        assertThat(applied("resample=1", 1, 3)).containsExactly(1, 2, 3);
        assertThat(applied("resize=4", 0, 1)).containsExactly(0, 0.25f, 0.75f, 1);
        assertThat(applied("minmax=-1:1", 3, 5)).containsExactly(-1, 1);
        assertThat(applied("zscore", 3, 5)).containsExactly(-1, 1);
        assertThat(applied("zscore-nonzero", 0, 3, 5)).containsExactly(0, -1, 1);
        assertThat(applied("nan=7 resample=2", Float.NaN, 3)).containsExactly(7, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                   | has '', which is no step; they are steps in their order
            zcore                | has 'zcore', which is no step
            size=64              | has 'size=64', which needs 3 whole numbers from 1 to 9999
            size=64x64           | needs 3 whole numbers
            size=64x64x0         | needs 3 whole numbers
            size=-1x64x64        | needs 3 whole numbers
            size=64,64,64        | needs 3 whole numbers
            size = 64x64x64      | has 'size', which needs 3
            size=64x64x64x64     | needs 3 whole numbers
            size=9999x9999x9999  | at most 2^27 voxels
            resample=1           | needs 3 distances in mm above 0
            resample=1x0x1       | needs 3 distances in mm above 0
            resample=1x1e9x1     | needs 3 distances in mm above 0
            resample=NaNx1x1     | needs 3 distances in mm above 0
            zscore=1             | that step takes no value
            zscore zscore        | has the step 'zscore' twice
            zscore zscore-nonzero| has the step 'zscore' twice
            minmax=1             | write minmax=LOW:HIGH
            minmax=1:0           | the first number is not below the second
            minmax=0:1e40        | needs a number
            fill=air             | needs a number, such as -1000
            nan=NaN              | needs a number
            """)
    void whatIsNoStepIsRefusedWithWhatIs(String text, String expected) {
        assertThatThrownBy(() -> VolumeTransforms.parse("T1w", text, 3))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageStartingWith("the setting 'T1w' ")
                .hasMessageContaining(expected);
    }

    @Test
    void whatWouldBeTooLargeIsRefusedBeforeItIsMade() {
        var plane = new Volume(new float[40_000], new int[] {200, 200}, new double[] {100, 100});
        for (var text : new String[] {"resample=0.001x0.001", "pad=9999x1"}) {
            var transforms = VolumeTransforms.parse("T1", text, 2);
            var channels = new Volume(plane.values(), new int[] {1, 1, 40_000}, new double[] {100, 100, 1});
            assertThatThrownBy(() -> transforms.apply(text.startsWith("pad") ? channels : plane, Method.LINEAR))
                    .hasMessageContaining("at most 2^27 (512x512x512) are made");
        }
    }

    @Test
    void infinitiesAreRefusedAndNumbersInPlaceOfNoneAreTaken() {
        assertThatThrownBy(() -> applied("nan=0", 1, Float.POSITIVE_INFINITY)).hasMessageContaining("not finite");
        assertThatThrownBy(() -> applied("zscore", 1, Float.NaN)).hasMessageContaining("the step nan=0");
    }
}
