package fedbiomed.data.transform;

import fedbiomed.data.SplitMix64;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A change drawn anew for each training sample in each epoch. A model is tested on, and predicts from, samples as they are.
 * Rows are the last axis but one, columns the last; further axes (channels, slices) are changed alike.
 */
public sealed interface Augmentation extends Transform {
    /** Whether values change their places, which those of a mask must, too. */
    boolean isGeometric();

    /** Looked at when the plan has returned. @throws fedbiomed.vocabulary.FedbiomedException PLAN_INVALID for a number out of range */
    void requireSound();

    SampleValues augment(SampleValues sample, SplitMix64 random);

    @Override
    default SampleValues apply(SampleValues sample, @Nullable Draws draws) {
        return draws == null ? sample : augment(sample, draws.next(isGeometric()));
    }

    @Override
    default int[] shape(int[] shape) {
        if (isGeometric() && shape.length < 2) {
            throw new IllegalArgumentException("has the shape " + Arrays.toString(shape)
                    + " a sample, which is no image to be flipped, rotated or shifted");
        }
        return shape;
    }

    private static void requireProbability(double probability) {
        Parameter.require(
                probability >= 0 && probability <= 1,
                "flips with the probability " + probability + "; write one from 0 to 1");
    }

    /** Columns in reverse, with that probability. */
    record FlipHorizontal(double probability) implements Augmentation {
        @Override
        public void requireSound() {
            requireProbability(probability);
        }

        @Override
        public boolean isGeometric() {
            return true;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            return random.nextDouble() < probability ? Geometry.flippedHorizontally(sample) : sample;
        }
    }

    /** Rows in reverse, with that probability. */
    record FlipVertical(double probability) implements Augmentation {
        @Override
        public void requireSound() {
            requireProbability(probability);
        }

        @Override
        public boolean isGeometric() {
            return true;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            return random.nextDouble() < probability ? Geometry.flippedVertically(sample) : sample;
        }
    }

    /** By none to three quarters of a turn, each as probable; of square images. */
    record QuarterTurns() implements Augmentation {
        @Override
        public void requireSound() {}

        @Override
        public boolean isGeometric() {
            return true;
        }

        @Override
        public int[] shape(int[] shape) {
            int axes = shape.length;
            if (axes < 2 || shape[axes - 1] != shape[axes - 2]) {
                throw new IllegalArgumentException("has the shape " + Arrays.toString(shape)
                        + " a sample, and only squares are turned by 90 degrees; resize it to one first");
            }
            return shape;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            shape(sample.shape());
            return Geometry.turned(sample, random.next(4));
        }
    }

    /**
     * By whole pixels, up to that part of the height and of the width, either way; what comes in is 0.
     *
     * @param part 0 to less than 1
     */
    record Shift(double part) implements Augmentation {
        @Override
        public void requireSound() {
            Parameter.require(
                    part >= 0 && part < 1,
                    "shifts by up to " + part + " of the size; write a part from 0 to less than 1, e.g. shift(0.1)");
        }

        @Override
        public boolean isGeometric() {
            return true;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            return Geometry.shifted(sample, pixels(sample.size(1), random), pixels(sample.size(0), random));
        }

        private int pixels(int size, SplitMix64 random) {
            int most = (int) (size * part);
            return random.next(2 * most + 1) - most;
        }
    }

    /** To each value one of the normal distribution with mean 0 is added. @param standardDeviation in the values' unit */
    record GaussianNoise(double standardDeviation) implements Augmentation {
        @Override
        public void requireSound() {
            Parameter.require(
                    standardDeviation >= 0 && Double.isFinite(standardDeviation),
                    "adds noise of standard deviation " + standardDeviation + "; write a finite one of at least 0");
        }

        @Override
        public boolean isGeometric() {
            return false;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            var values = sample.values();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] + standardDeviation * random.nextGaussian());
            }
            return sample;
        }
    }

    /** All values times one factor from {@code 1 - spread} to {@code 1 + spread}. @param spread 0 to 1 */
    record Brightness(double spread) implements Augmentation {
        @Override
        public void requireSound() {
            Parameter.require(
                    spread >= 0 && spread <= 1,
                    "changes the brightness by up to " + spread + "; write a part from 0 to 1, e.g. brightness(0.2)");
        }

        @Override
        public boolean isGeometric() {
            return false;
        }

        @Override
        public SampleValues augment(SampleValues sample, SplitMix64 random) {
            double factor = 1 + spread * (2 * random.nextDouble() - 1);
            var values = sample.values();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] * factor);
            }
            return sample;
        }
    }
}
