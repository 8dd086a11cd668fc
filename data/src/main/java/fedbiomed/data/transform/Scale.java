package fedbiomed.data.transform;

import org.jspecify.annotations.Nullable;

/** Every value times a factor, e.g. 1/255 of bytes. */
public record Scale(double factor) implements Transform {
    public Scale {
        Parameter.require(
                Double.isFinite(factor) && factor != 0,
                "scales by " + factor + "; write a finite factor other than 0 (1 / 255 of two whole numbers is 0 in"
                        + " Java: write 1 / 255.0)");
    }

    @Override
    public int[] shape(int[] shape) {
        return shape;
    }

    @Override
    public SampleValues apply(SampleValues sample, @Nullable Draws draws) {
        var values = sample.values();
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] * factor);
        }
        return sample;
    }
}
