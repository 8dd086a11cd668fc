package fedbiomed.data.volume;

import java.util.Arrays;
import java.util.Objects;

/**
 * An image in memory: float32 values in C order (the last axis changes fastest), the size of each axis and the distance
 * of neighbouring voxels along it. The axes' meaning is the reader's: NIfTI gives {@code [i, j, k]} (or
 * {@code [i, j, k, t]}), DICOM {@code [slice, row, column]}. Values are shared, not copied: whoever changes them owns them.
 */
public final class Volume {
    /** Most axes: NIfTI's seven. */
    public static final int MAX_AXES = 7;

    private final float[] values;
    private final int[] shape;
    private final double[] spacing;

    /**
     * @param values in C order, as many as the product of {@code shape}; not copied
     * @param shape 1 to {@link #MAX_AXES} sizes, each above 0
     * @param spacing a distance an axis, finite and above 0
     */
    public Volume(float[] values, int[] shape, double[] spacing) {
        if (shape.length < 1 || shape.length > MAX_AXES || spacing.length != shape.length) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " with spacing of " + spacing.length
                    + " axes; 1 to " + MAX_AXES + " axes, each with its spacing, make a volume");
        }
        if (voxels(shape) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill a shape of " + Arrays.toString(shape));
        }
        for (double distance : spacing) {
            requireSpacing(distance);
        }
        this.values = values;
        this.shape = shape.clone();
        this.spacing = spacing.clone();
    }

    /** The values themselves, in C order. */
    public float[] values() {
        return values;
    }

    public int[] shape() {
        return shape.clone();
    }

    public double[] spacing() {
        return spacing.clone();
    }

    /** The value at that index, one number an axis. */
    public float at(int... index) {
        if (index.length != shape.length) {
            throw new IllegalArgumentException(
                    index.length + " numbers do not name a voxel of " + Arrays.toString(shape));
        }
        int at = 0;
        for (int axis = 0; axis < shape.length; axis++) {
            at = at * shape[axis] + Objects.checkIndex(index[axis], shape[axis]);
        }
        return values[at];
    }

    /** Product of the sizes. @throws IllegalArgumentException if one is below 1, or they are more than an array holds */
    static int voxels(int[] shape) {
        long voxels = 1;
        for (int size : shape) {
            if (size < 1) {
                throw new IllegalArgumentException("an axis of size " + size + "; at least 1 is needed");
            }
            voxels *= size;
            if (voxels > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("a volume of shape " + Arrays.toString(shape)
                        + " has more voxels than an array can hold (2^31)");
            }
        }
        return (int) voxels;
    }

    static void requireSpacing(double distance) {
        if (!(distance > 0) || Double.isInfinite(distance)) {
            throw new IllegalArgumentException("a spacing of " + distance + "; it must be finite and above 0");
        }
    }
}
