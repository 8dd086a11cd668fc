package fedbiomed.data.volume;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Volumes on another grid, over their leading axes: those for which a size or spacing is given; the rest (time, say) stay.
 * Outside of the outermost voxels' centres the nearest voxel's value holds. No smoothing goes before down-sampling, as in
 * {@code torch.nn.functional.interpolate}.
 */
public final class Resampling {
    /** How a value between voxels is found. */
    public enum Method {
        /** Along each axis in turn between the two neighbours; over three axes this is trilinear. For intensities. */
        LINEAR,
        /** The nearest voxel's; of two at the same distance the one with the higher index. For labels and masks. */
        NEAREST
    }

    private Resampling() {}

    /**
     * To the given spacing. The first voxel's centre stays where it is and the outermost centres are not passed by more
     * than half a new voxel: an axis of {@code n} voxels gets {@code round((n - 1) * old / new + 1)}, as MONAI's
     * {@code Spacing} does.
     *
     * @param spacing for the leading axes, each finite and above 0
     * @throws IllegalArgumentException if there are more spacings than axes, or the result would have 2^31 voxels
     */
    public static Volume toSpacing(Volume volume, Method method, double... spacing) {
        var grids = grids(volume, spacing.length);
        for (int axis = 0; axis < spacing.length; axis++) {
            Volume.requireSpacing(spacing[axis]);
            int size = volume.shape()[axis];
            double step = spacing[axis] / volume.spacing()[axis];
            double voxels = Math.rint((size - 1) / step + 1);
            if (voxels > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("a spacing of " + spacing[axis] + " along axis " + axis
                        + " makes more voxels than an array can hold (2^31)");
            }
            grids[axis] = new Grid(size, (int) voxels, 0, step, spacing[axis]);
        }
        return resample(volume, method, grids);
    }

    /**
     * To the given sizes. The volume's outer edges stay where they are, as with {@code align_corners=False} in
     * {@code torch.nn.functional.interpolate} ({@code trilinear}, {@code nearest-exact}).
     *
     * @param shape for the leading axes, each above 0
     * @throws IllegalArgumentException if there are more sizes than axes, or the result would have 2^31 voxels
     */
    public static Volume toShape(Volume volume, Method method, int... shape) {
        var grids = grids(volume, shape.length);
        for (int axis = 0; axis < shape.length; axis++) {
            int size = volume.shape()[axis];
            double step = (double) size / Math.max(1, shape[axis]);
            grids[axis] = new Grid(size, shape[axis], 0.5 * step - 0.5, step, volume.spacing()[axis] * step);
        }
        return resample(volume, method, grids);
    }

    private static Grid[] grids(Volume volume, int axes) {
        if (axes > volume.shape().length) {
            throw new IllegalArgumentException(axes + " numbers for a volume of shape "
                    + Arrays.toString(volume.shape()) + "; give at most one an axis");
        }
        return new Grid[axes];
    }

    private static Volume resample(Volume volume, Method method, Grid[] grids) {
        var target = volume.shape();
        for (int axis = 0; axis < grids.length; axis++) {
            target[axis] = grids[axis].size;
        }
        Volume.voxels(target);
        // shrinking axes first: what comes between is never larger than it need be
        var order = IntStream.range(0, grids.length)
                .boxed()
                .sorted(Comparator.comparingDouble(axis -> (double) grids[axis].size / grids[axis].sourceSize))
                .toList();
        var result = volume;
        for (int axis : order) {
            result = along(result, axis, grids[axis], method);
        }
        return result;
    }

    private static Volume along(Volume volume, int axis, Grid grid, Method method) {
        var shape = volume.shape();
        var spacing = volume.spacing();
        spacing[axis] = grid.spacing;
        if (grid.isIdentity()) {
            return new Volume(volume.values(), shape, spacing);
        }
        int inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            inner *= shape[i];
        }
        shape[axis] = grid.size;
        var values = new float[Volume.voxels(shape)];
        int outer = values.length / inner / grid.size;
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < grid.size; i++) {
                double at = grid.at(i);
                int to = (o * grid.size + i) * inner;
                int from = o * grid.sourceSize * inner;
                if (method == Method.NEAREST) {
                    int nearest = Math.min((int) Math.floor(at + 0.5), grid.sourceSize - 1);
                    System.arraycopy(volume.values(), from + nearest * inner, values, to, inner);
                } else {
                    int low = Math.min((int) at, grid.sourceSize - 1);
                    int high = Math.min(low + 1, grid.sourceSize - 1);
                    mix(volume.values(), from + low * inner, from + high * inner, at - low, values, to, inner);
                }
            }
        }
        return new Volume(values, shape, spacing);
    }

    private static void mix(float[] from, int low, int high, double weight, float[] to, int at, int count) {
        if (weight == 0) { // also keeps an infinite neighbour out: 0 times infinity is NaN
            System.arraycopy(from, low, to, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            to[at + i] = (float) (from[low + i] * (1 - weight) + from[high + i] * weight);
        }
    }

    /** New voxel {@code i} of an axis lies at {@code first + i * step} in the old one's indices. */
    private record Grid(int sourceSize, int size, double first, double step, double spacing) {
        double at(int i) {
            return Math.clamp(first + i * step, 0, sourceSize - 1);
        }

        boolean isIdentity() {
            return size == sourceSize && step == 1;
        }
    }
}
