package fedbiomed.data.volume;

import java.util.Arrays;

/**
 * Cropping and padding around the centre, over the leading axes: those for which a size is given; the rest stay. Where what
 * is taken off or added does not halve, the far end gets one voxel more.
 */
public final class Framing {
    private Framing() {}

    /**
     * The middle part; an axis that is smaller than asked for stays as it is.
     *
     * @param shape sizes of the leading axes, each above 0
     */
    public static Volume centreCrop(Volume volume, int... shape) {
        var target = target(volume, shape);
        var old = volume.shape();
        for (int axis = 0; axis < old.length; axis++) {
            target[axis] = Math.min(target[axis], old[axis]);
        }
        return frame(volume, target, 0);
    }

    /**
     * The volume in the middle of a larger one filled with {@code value}; an axis that is larger than asked for stays as it
     * is.
     *
     * @param shape sizes of the leading axes, each above 0
     * @throws IllegalArgumentException if the result would have 2^31 voxels
     */
    public static Volume pad(Volume volume, float value, int... shape) {
        var target = target(volume, shape);
        var old = volume.shape();
        for (int axis = 0; axis < old.length; axis++) {
            target[axis] = Math.max(target[axis], old[axis]);
        }
        return frame(volume, target, value);
    }

    /** Cropped where an axis is larger and padded where it is smaller: exactly {@code shape} over the leading axes. */
    public static Volume cropOrPad(Volume volume, float value, int... shape) {
        return frame(volume, target(volume, shape), value);
    }

    private static int[] target(Volume volume, int[] shape) {
        var target = volume.shape();
        if (shape.length > target.length) {
            throw new IllegalArgumentException(shape.length + " sizes for a volume of shape " + Arrays.toString(target)
                    + "; give at most one an axis");
        }
        System.arraycopy(shape, 0, target, 0, shape.length);
        return target;
    }

    private static Volume frame(Volume volume, int[] target, float value) {
        var old = volume.shape();
        if (Arrays.equals(target, old)) {
            return volume;
        }
        var values = new float[Volume.voxels(target)];
        if (value != 0) {
            Arrays.fill(values, value);
        }
        copy(volume.values(), old, 0, values, target, 0, 0);
        return new Volume(values, target, volume.spacing());
    }

    /** Copies what both have of {@code axis}, from the {@code sourceRow}th run of it to the {@code targetRow}th. */
    private static void copy(
            float[] source,
            int[] sourceShape,
            int sourceRow,
            float[] target,
            int[] targetShape,
            int targetRow,
            int axis) {
        int count = Math.min(sourceShape[axis], targetShape[axis]);
        int from = sourceRow * sourceShape[axis] + (sourceShape[axis] - count) / 2;
        int to = targetRow * targetShape[axis] + (targetShape[axis] - count) / 2;
        if (axis == sourceShape.length - 1) {
            System.arraycopy(source, from, target, to, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            copy(source, sourceShape, from + i, target, targetShape, to + i, axis + 1);
        }
    }
}
