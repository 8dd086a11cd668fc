package fedbiomed.data.transform;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every value less a mean, divided by a standard deviation.
 *
 * @param mean one for all, or one for each channel (the first axis)
 * @param standardDeviation as many, each above 0
 */
public record Normalise(List<Double> mean, List<Double> standardDeviation) implements Transform {
    public Normalise {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        Parameter.require(
                !mean.isEmpty() && mean.size() == standardDeviation.size(),
                "normalises by " + mean.size() + " means and " + standardDeviation.size()
                        + " standard deviations; write one of each, or one of each a channel");
        Parameter.require(
                mean.stream().allMatch(Double::isFinite)
                        && standardDeviation.stream().allMatch(one -> Double.isFinite(one) && one > 0),
                "normalises by means " + mean + " and standard deviations " + standardDeviation
                        + "; means are finite, standard deviations finite and above 0");
    }

    @Override
    public int[] shape(int[] shape) {
        if (mean.size() > 1 && (shape.length == 0 || shape[0] != mean.size())) {
            throw new IllegalArgumentException("has the shape " + Arrays.toString(shape) + " a sample, and "
                    + mean.size() + " means to normalise its channels (the first axis) by");
        }
        return shape;
    }

    @Override
    public SampleValues apply(SampleValues sample, @Nullable Draws draws) {
        shape(sample.shape());
        var values = sample.values();
        int each = values.length / mean.size();
        for (int channel = 0; channel < mean.size(); channel++) {
            double centre = mean.get(channel);
            double divisor = standardDeviation.get(channel);
            for (int i = channel * each; i < (channel + 1) * each; i++) {
                values[i] = (float) ((values[i] - centre) / divisor);
            }
        }
        return sample;
    }
}
