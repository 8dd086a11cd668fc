package fedbiomed.data.transform;

import fedbiomed.data.image.BilinearResize;
import fedbiomed.data.volume.Resampling;
import fedbiomed.data.volume.Volume;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To another size of the last two axes (an image) or three (a volume). Images as {@link BilinearResize}, volumes trilinear
 * as {@link Resampling#toShape} (without antialiasing); labels the nearest pixel's or voxel's.
 *
 * @param sizes two or three, each above 0
 * @param nearest for labels
 */
public record Resize(List<Integer> sizes, boolean nearest) implements Transform {
    /** Largest size of an axis. */
    private static final int MAX_SIZE = 1 << 16;

    public Resize {
        sizes = List.copyOf(sizes);
        Parameter.require(
                (sizes.size() == 2 || sizes.size() == 3)
                        && sizes.stream().allMatch(size -> size >= 1 && size <= MAX_SIZE),
                "resizes to " + sizes + "; write height and width, of a volume depth, height and width, each from 1 to "
                        + MAX_SIZE);
    }

    @Override
    public int[] shape(int[] shape) {
        if (shape.length < sizes.size()) {
            throw new IllegalArgumentException("has the shape " + Arrays.toString(shape) + " a sample, of which "
                    + sizes.size() + " axes cannot be resized");
        }
        var resized = shape.clone();
        long elements = 1;
        for (int i = 0; i < resized.length; i++) {
            int sized = i - (resized.length - sizes.size());
            resized[i] = sized < 0 ? shape[i] : sizes.get(sized);
            elements = Math.multiplyExact(elements, (long) resized[i]);
            if (elements > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("has the shape " + Arrays.toString(shape)
                        + " a sample, and resized to " + sizes + " more elements than fit in memory (2^31)");
            }
        }
        return resized;
    }

    @Override
    public SampleValues apply(SampleValues sample, @Nullable Draws draws) {
        var shape = shape(sample.shape());
        if (Arrays.equals(shape, sample.shape())) {
            return sample;
        }
        if (sizes.size() == 2 && !nearest) {
            int height = sample.size(1);
            int width = sample.size(0);
            int planes = sample.values().length / height / width;
            return new SampleValues(
                    BilinearResize.resized(sample.values(), planes, height, width, sizes.get(0), sizes.get(1)), shape);
        }
        return new SampleValues(byPart(sample), shape);
    }

    /** Channel by channel. */
    private float[] byPart(SampleValues sample) {
        int axes = sizes.size();
        var old = Arrays.copyOfRange(sample.shape(), sample.shape().length - axes, sample.shape().length);
        var spacing = new double[axes];
        Arrays.fill(spacing, 1);
        var wanted = sizes.stream().mapToInt(size -> size).toArray();
        int from = Arrays.stream(old).reduce(1, Math::multiplyExact);
        int to = Arrays.stream(wanted).reduce(1, Math::multiplyExact);
        int parts = sample.values().length / from;
        var resized = new float[parts * to];
        for (int part = 0; part < parts; part++) {
            var values = Arrays.copyOfRange(sample.values(), part * from, (part + 1) * from);
            var volume = Resampling.toShape(
                    new Volume(values, old, spacing),
                    nearest ? Resampling.Method.NEAREST : Resampling.Method.LINEAR,
                    wanted);
            System.arraycopy(volume.values(), 0, resized, part * to, to);
        }
        return resized;
    }
}
