package fedbiomed.data.volume;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which way a volume's three axes run in the patient, to the nearest of the body's axes: from left to right, from posterior
 * to anterior, from inferior to superior. As nibabel's {@code io_orientation} finds it: the rotation nearest to the
 * directions (their polar decomposition), whose largest cosines decide first.
 */
public final class Orientation {
    private static final String[] POSITIVE = {"R", "A", "S"};
    private static final String[] NEGATIVE = {"L", "P", "I"};
    /** Below it three directions lie in a plane, as far as one can tell. */
    private static final double SMALLEST_DETERMINANT = 1e-6;

    private static final int MAX_ITERATIONS = 100;
    private static final double CONVERGED = 1e-14;

    /** Of each of the body's axes: the volume's. */
    private final int[] axis;
    /** Of each of the body's axes: whether the volume's runs against it. */
    private final boolean[] reversed;

    private Orientation(int[] axis, boolean[] reversed) {
        this.axis = axis;
        this.reversed = reversed;
    }

    /**
     * @param directions by rows: how far one step along each of the volume's axes (the columns) goes to the right, to the
     *     front and upwards; of any length
     * @return {@code null} if the directions are not three
     */
    public static @Nullable Orientation of(double[][] directions) {
        var rotation = new double[3][3];
        for (int column = 0; column < 3; column++) {
            double length = length(directions, column);
            if (!(length > 0) || Double.isInfinite(length)) {
                return null;
            }
            for (int row = 0; row < 3; row++) {
                rotation[row][column] = directions[row][column] / length;
            }
        }
        return Math.abs(determinant(rotation)) > SMALLEST_DETERMINANT ? ofRotation(nearestRotation(rotation)) : null;
    }

    /** How long one step along that axis is. */
    public static double length(double[][] directions, int column) {
        return Math.hypot(Math.hypot(directions[0][column], directions[1][column]), directions[2][column]);
    }

    private static Orientation ofRotation(double[][] rotation) {
        var axis = new int[3];
        var reversed = new boolean[3];
        var taken = new boolean[3];
        var columns = IntStream.range(0, 3)
                .boxed()
                .sorted(Comparator.comparingDouble(column -> -largest(rotation, column)))
                .toList();
        for (int column : columns) {
            int best = -1;
            for (int row = 0; row < 3; row++) {
                if (!taken[row] && (best < 0 || Math.abs(rotation[row][column]) > Math.abs(rotation[best][column]))) {
                    best = row;
                }
            }
            taken[best] = true;
            axis[best] = column;
            reversed[best] = rotation[best][column] < 0;
        }
        return new Orientation(axis, reversed);
    }

    private static double largest(double[][] rotation, int column) {
        return Math.max(
                Math.abs(rotation[0][column]), Math.max(Math.abs(rotation[1][column]), Math.abs(rotation[2][column])));
    }

    /** Newton's iteration for the polar decomposition (Higham, 1986): the mean with the inverse's transpose. */
    private static double[][] nearestRotation(double[][] matrix) {
        var rotation = matrix;
        for (int i = 0; i < MAX_ITERATIONS; i++) {
            var inverse = inverseTransposed(rotation);
            var next = new double[3][3];
            double change = 0;
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    next[row][column] = (rotation[row][column] + inverse[row][column]) / 2;
                    change = Math.max(change, Math.abs(next[row][column] - rotation[row][column]));
                }
            }
            rotation = next;
            if (change < CONVERGED) {
                break;
            }
        }
        return rotation;
    }

    private static double cofactor(double[][] m, int row, int column) {
        int r1 = (row + 1) % 3;
        int r2 = (row + 2) % 3;
        int c1 = (column + 1) % 3;
        int c2 = (column + 2) % 3;
        return m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1];
    }

    private static double determinant(double[][] m) {
        return m[0][0] * cofactor(m, 0, 0) + m[0][1] * cofactor(m, 0, 1) + m[0][2] * cofactor(m, 0, 2);
    }

    private static double[][] inverseTransposed(double[][] m) {
        double determinant = determinant(m);
        var inverse = new double[3][3];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                inverse[row][column] = cofactor(m, row, column) / determinant;
            }
        }
        return inverse;
    }

    /** Where the volume's axes run to, in their order, as nibabel's {@code aff2axcodes} tells it: {@code LPS}, say. */
    @Override
    public String toString() {
        var codes = new String[3];
        for (int body = 0; body < 3; body++) {
            codes[axis[body]] = reversed[body] ? NEGATIVE[body] : POSITIVE[body];
        }
        return String.join("", codes);
    }

    /** The sizes that {@link #toStandard} gives to the first three axes. */
    public int[] standardShape(int[] shape) {
        return new int[] {shape[axis[2]], shape[axis[1]], shape[axis[0]]};
    }

    /**
     * Which voxel of the volume is the first of {@link #toStandard}, or the last.
     *
     * @param shape of the volume
     */
    public int[] corner(int[] shape, boolean last) {
        var index = new int[3];
        for (int body = 0; body < 3; body++) {
            index[axis[body]] = reversed[body] == last ? 0 : shape[axis[body]] - 1;
        }
        return index;
    }

    /**
     * The same voxels, indexed {@code [z, y, x]}: from inferior to superior, from posterior to anterior, from left to right.
     * By exchanging and reversing axes alone: a volume that lies obliquely stays so. Further axes stay where they are.
     *
     * @param volume of at least three axes
     */
    public Volume toStandard(Volume volume) {
        var old = volume.shape();
        var oldSpacing = volume.spacing();
        var order = new int[] {axis[2], axis[1], axis[0]};
        var shape = old.clone();
        var spacing = oldSpacing.clone();
        int inner = Arrays.stream(old, 3, old.length).reduce(1, (a, b) -> a * b);
        var strides = new int[] {inner * old[1] * old[2], inner * old[2], inner};
        int start = 0;
        var steps = new int[3];
        for (int i = 0; i < 3; i++) {
            shape[i] = old[order[i]];
            spacing[i] = oldSpacing[order[i]];
            steps[i] = strides[order[i]];
            if (reversed[2 - i]) {
                start += steps[i] * (shape[i] - 1);
                steps[i] = -steps[i];
            }
        }
        var values = new float[volume.values().length];
        int to = 0;
        for (int z = 0; z < shape[0]; z++) {
            for (int y = 0; y < shape[1]; y++) {
                int from = start + z * steps[0] + y * steps[1];
                for (int x = 0; x < shape[2]; x++, from += steps[2], to += inner) {
                    if (inner == 1) {
                        values[to] = volume.values()[from];
                    } else {
                        System.arraycopy(volume.values(), from, values, to, inner);
                    }
                }
            }
        }
        return new Volume(values, shape, spacing);
    }
}
