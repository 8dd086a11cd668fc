package fedbiomed.data.volume;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;

/**
 * Scaling of one volume's values by its own statistics. A volume whose values are not all finite has none and is refused
 * with DATA_UNFIT.
 */
public final class Intensity {
    /** Which voxels the statistics are of, and are scaled. */
    public enum Voxels {
        ALL,
        /** Those that are not 0, where 0 stands for what lies outside (a skull-stripped brain): zeros stay zeros. */
        NON_ZERO
    }

    private Intensity() {}

    /**
     * Less the mean, divided by the standard deviation (of the population: divided by n, as MONAI's
     * {@code NormalizeIntensity}); where all values are equal, or none is chosen, only the mean is taken off.
     */
    public static Volume zScore(Volume volume, Voxels voxels) {
        boolean all = voxels == Voxels.ALL;
        var values = volume.values();
        long count = 0;
        double sum = 0;
        for (float value : values) {
            if (all || value != 0) {
                count++;
                sum += value;
            }
        }
        requireFinite(sum);
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (float value : values) {
            if (all || value != 0) {
                squares += (value - mean) * (value - mean);
            }
        }
        double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
        double divisor = deviation == 0 ? 1 : deviation;
        var scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = all || values[i] != 0 ? (float) ((values[i] - mean) / divisor) : 0;
        }
        return new Volume(scaled, volume.shape(), volume.spacing());
    }

    /** Linearly, so that the smallest value becomes {@code low} and the largest {@code high}; equal values become {@code low}. */
    public static Volume minMax(Volume volume, float low, float high) {
        var range = Range.of(volume);
        double width = (double) range.max - range.min;
        double scale = width == 0 ? 0 : ((double) high - low) / width;
        return map(volume, value -> (float) (low + (value - range.min) * scale));
    }

    /**
     * Bright and dark exchanged: each value becomes {@code min + max - value}. Brings a DICOM image that is
     * {@code MONOCHROME1} (its lowest value is shown white) to the sense of the others.
     */
    public static Volume inverted(Volume volume) {
        var range = Range.of(volume);
        double both = (double) range.min + range.max;
        return map(volume, value -> (float) (both - value));
    }

    private static Volume map(Volume volume, FloatFunction function) {
        var values = new float[volume.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = function.apply(volume.values()[i]);
        }
        return new Volume(values, volume.shape(), volume.spacing());
    }

    @FunctionalInterface
    private interface FloatFunction {
        float apply(float value);
    }

    private record Range(float min, float max) {
        static Range of(Volume volume) {
            float min = Float.POSITIVE_INFINITY;
            float max = Float.NEGATIVE_INFINITY;
            for (float value : volume.values()) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
            requireFinite((double) max - min);
            return new Range(min, max);
        }
    }

    /** A NaN or an infinity among the values makes such a figure NaN or infinite; float32 values cannot overflow it. */
    private static void requireFinite(double figure) {
        if (!Double.isFinite(figure)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "a volume to be scaled has values that are not finite; replace them, or leave the subject out");
        }
    }
}
