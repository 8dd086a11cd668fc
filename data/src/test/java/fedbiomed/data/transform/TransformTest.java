package fedbiomed.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Figures by Pillow 13 ({@code Image.fromarray(a, mode="F").resize((w, h), BILINEAR)}, {@code NEAREST} of a mask) and NumPy
 * ({@code rot90}); what is not named so is counted by hand.
 */
class TransformTest {
    private static final float[] IMAGE = {0, 10, 20, 30, 40, 5, 15, 90, 35, 45, 50, 60, 70, 80, 99, 1, 2, 3, 4, 5};
    private static final float[] MASK = {0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 2, 2, 0, 0, 1, 0, 1, 0, 1};

    private static SampleValues sample(float[] values, int... shape) {
        return new SampleValues(values.clone(), shape);
    }

    private static SampleValues counted(int... shape) {
        int elements = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        var values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i;
        }
        return new SampleValues(values, shape);
    }

    @Test
    void imagesAreResizedAsPillowDoes() {
        var smaller = new Resize(List.of(2, 3), false).apply(sample(IMAGE, 1, 4, 5), null);
        assertThat(smaller.shape()).containsExactly(1, 2, 3);
        assertThat(smaller.values())
                .containsExactly(
                        new float[] {13.571428f, 44.761906f, 45.734695f, 25.20408f, 40.015873f, 46.714283f},
                        within(1e-4f));
        var larger = new Resize(List.of(6, 7), false).apply(sample(IMAGE, 4, 5), null);
        assertThat(larger.shape()).containsExactly(6, 7);
        assertThat(Arrays.copyOfRange(larger.values(), 21, 28))
                .containsExactly(
                        new float[] {42.5f, 48.214287f, 58.45238f, 73.333336f, 72.7381f, 80, 90}, within(1e-4f));
    }

    @Test
    void labelsAreNeverMixed() {
        assertThat(new Resize(List.of(2, 3), true)
                        .apply(sample(MASK, 4, 5), null)
                        .values())
                .containsExactly(0, 1, 2, 1, 1, 1);
        assertThat(new Resize(List.of(6, 7), true)
                        .apply(sample(MASK, 1, 4, 5), null)
                        .values())
                .startsWith(0, 1, 1, 1, 2, 2, 2, 0, 0, 0, 1, 1, 1, 2)
                .endsWith(1, 0, 0, 1, 0, 0, 1);
    }

    @Test
    void volumesAreResizedChannelByChannel() {
        // two voxels of 0 and 8 along the first of three axes; outer edges stay: centres at -0.25, 0.25, 0.75, 1.25
        var volume = sample(new float[] {0, 8, 1, 9}, 2, 2, 1, 1);
        var resized = new Resize(List.of(4, 1, 1), false).apply(volume, null);
        assertThat(resized.shape()).containsExactly(2, 4, 1, 1);
        assertThat(resized.values()).containsExactly(0, 2, 6, 8, 1, 3, 7, 9);
    }

    @Test
    void valuesAreScaledByConstantsOrByTheirOwnRange() {
        var perChannel = new Normalise(List.of(1.0, 2.0, 3.0), List.of(2.0, 4.0, 5.0));
        // NumPy: (x - mean[:, None, None]) / std[:, None, None]
        assertThat(perChannel.apply(counted(3, 2, 2), null).values())
                .containsExactly(-0.5f, 0, 0.5f, 1, 0.5f, 0.75f, 1, 1.25f, 1, 1.2f, 1.4f, 1.6f);
        assertThat(new Normalise(List.of(1.0), List.of(2.0))
                        .apply(counted(4), null)
                        .values())
                .containsExactly(-0.5f, 0, 0.5f, 1);
        assertThat(new Scale(0.5).apply(counted(3), null).values()).containsExactly(0, 0.5f, 1);
        assertThat(new MinMax().apply(sample(new float[] {2, 6, 4}, 3), null).values())
                .containsExactly(0, 1, 0.5f);
        assertThat(new MinMax().apply(sample(new float[] {7, 7}, 2), null).values())
                .containsExactly(0, 0);
        assertThatThrownBy(() -> perChannel.shape(new int[] {1, 2, 2})).hasMessageContaining("has the shape [1, 2, 2]");
    }

    @Test
    void geometryMovesEveryPlaneAlike() {
        assertThat(Geometry.flippedHorizontally(counted(2, 2, 3)).values())
                .containsExactly(2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9);
        assertThat(Geometry.flippedVertically(counted(2, 2, 3)).values())
                .containsExactly(3, 4, 5, 0, 1, 2, 9, 10, 11, 6, 7, 8);
        // numpy.rot90(np.arange(9).reshape(3, 3), k)
        assertThat(Geometry.turned(counted(3, 3), 0).values()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(Geometry.turned(counted(3, 3), 1).values()).containsExactly(2, 5, 8, 1, 4, 7, 0, 3, 6);
        assertThat(Geometry.turned(counted(3, 3), 2).values()).containsExactly(8, 7, 6, 5, 4, 3, 2, 1, 0);
        assertThat(Geometry.turned(counted(3, 3), 3).values()).containsExactly(6, 3, 0, 7, 4, 1, 8, 5, 2);
        assertThat(Geometry.shifted(counted(2, 3), 1, -1).values()).containsExactly(0, 0, 0, 1, 2, 0);
        assertThat(Geometry.shifted(counted(2, 3), -1, 2).values()).containsExactly(0, 0, 3, 0, 0, 0);
    }

    @Test
    void nothingIsDrawnWhereNothingIsTrained() {
        for (var augmentation : List.of(
                new Augmentation.FlipHorizontal(1),
                new Augmentation.QuarterTurns(),
                new Augmentation.Shift(0.5),
                new Augmentation.GaussianNoise(1),
                new Augmentation.Brightness(1))) {
            assertThat(augmentation.apply(counted(1, 4, 4), null).values())
                    .containsExactly(counted(1, 4, 4).values());
        }
    }

    @Test
    void theSameSampleAndEpochDrawTheSame() {
        var steps = List.of(
                new Augmentation.FlipHorizontal(0.5), new Augmentation.Shift(0.5), new Augmentation.GaussianNoise(0.1));
        assertThat(augmented(steps, 7)).containsExactly(augmented(steps, 7));
        assertThat(augmented(steps, 7)).isNotEqualTo(augmented(steps, 8));
    }

    private static float[] augmented(List<? extends Augmentation> steps, long ofSample) {
        var draws = new Draws(ofSample, 0);
        var sample = counted(1, 4, 4);
        for (var step : steps) {
            sample = step.apply(sample, draws);
        }
        return sample.values();
    }

    @Test
    void aMaskMovesWithItsImageWhateverElseIsDrawnForIt() {
        var moves = List.of(
                new Augmentation.QuarterTurns(), new Augmentation.Shift(0.5), new Augmentation.FlipVertical(0.5));
        for (long sample = 0; sample < 50; sample++) {
            var image = new Draws(sample, 0);
            var mask = new Draws(sample, 1);
            var moved = counted(2, 4, 4);
            var followed = counted(1, 4, 4);
            for (var move : moves) {
                new Augmentation.GaussianNoise(0).apply(moved, image);
                moved = move.apply(moved, image);
                followed = move.apply(followed, mask);
            }
            assertThat(Arrays.copyOf(moved.values(), 16)).containsExactly(followed.values());
        }
    }

    @Test
    void drawsAreSpreadAsTheyShould() {
        int flips = 0;
        Set<Float> turns = new HashSet<>();
        var shifts = new HashSet<Integer>();
        for (long sample = 0; sample < 2_000; sample++) {
            var flipped = new Augmentation.FlipHorizontal(0.3).apply(counted(1, 2), new Draws(sample, 0));
            flips += flipped.values()[0] == 1 ? 1 : 0;
            turns.add(new Augmentation.QuarterTurns()
                    .apply(counted(3, 3), new Draws(sample, 0))
                    .values()[0]);
            var ones = new float[100];
            ones[55] = 1;
            var shifted =
                    new Augmentation.Shift(0.2).apply(new SampleValues(ones, new int[] {10, 10}), new Draws(sample, 0));
            IntStream.range(0, 100).filter(i -> shifted.values()[i] == 1).forEach(shifts::add);
        }
        // binomial of 2000 with p = 0.3: six standard deviations are 123
        assertThat(flips).isBetween(477, 723);
        assertThat(turns).containsExactlyInAnyOrder(0f, 2f, 8f, 6f);
        assertThat(shifts).hasSize(25).allMatch(at -> at / 10 >= 3 && at / 10 <= 7 && at % 10 >= 3 && at % 10 <= 7);
    }

    @Test
    void noiseIsNormalAndBrightnessWithinItsSpread() {
        var noisy = new Augmentation.GaussianNoise(2)
                .apply(new SampleValues(new float[100_000], new int[] {100_000}), new Draws(3, 0))
                .values();
        double sum = 0;
        double squares = 0;
        int within = 0;
        for (float value : noisy) {
            sum += value;
            squares += (double) value * value;
            within += Math.abs(value) < 2 ? 1 : 0;
        }
        // six standard errors
        assertThat(sum / noisy.length).isCloseTo(0, within(0.04));
        assertThat(squares / noisy.length).isCloseTo(4, within(0.11));
        assertThat((double) within / noisy.length).isCloseTo(0.6827, within(0.009));
        for (long sample = 0; sample < 200; sample++) {
            var bright = new Augmentation.Brightness(0.25)
                    .apply(sample(new float[] {1, 2}, 2), new Draws(sample, 0))
                    .values();
            assertThat(bright[0]).isBetween(0.75f, 1.25f);
            assertThat(bright[1]).isEqualTo(2 * bright[0]);
        }
    }
}
