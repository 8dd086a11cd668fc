package fedbiomed.data.transform;

import fedbiomed.data.SplitMix64;

/**
 * What is drawn for one array of one sample in one epoch: the same whichever thread asks, and in whatever order the samples
 * come. Changes of geometry are drawn alike for all arrays of the sample, so that a mask stays on its image.
 */
public final class Draws {
    private final long ofSample;
    private final int array;
    private int geometric;
    private int others;

    /**
     * @param ofSample the same for all arrays of the sample in this epoch ({@link SplitMix64#mixed})
     * @param array which array of the sample
     */
    public Draws(long ofSample, int array) {
        this.ofSample = ofSample;
        this.array = array;
    }

    /** The generator of the next augmentation. */
    SplitMix64 next(boolean isGeometric) {
        return new SplitMix64(
                isGeometric
                        ? SplitMix64.mixed(ofSample, 0, geometric++)
                        : SplitMix64.mixed(ofSample, 1, array, others++));
    }
}
