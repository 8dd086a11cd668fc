package fedbiomed.data.transform;

import org.jspecify.annotations.Nullable;

/** Each sample by its own smallest and largest value (of all channels together) to 0 and 1; a constant one to 0. */
public record MinMax() implements Transform {
    @Override
    public int[] shape(int[] shape) {
        return shape;
    }

    @Override
    public SampleValues apply(SampleValues sample, @Nullable Draws draws) {
        var values = sample.values();
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            min = Math.min(min, value);
            max = Math.max(max, value);
        }
        double width = (double) max - min;
        for (int i = 0; i < values.length; i++) {
            values[i] = width == 0 ? 0 : (float) ((values[i] - min) / width);
        }
        return sample;
    }
}
