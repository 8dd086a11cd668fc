package fedbiomed.data.dicom;

import fedbiomed.data.volume.Orientation;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an image plane lies in the patient's coordinates (PS3.3 C.7.6.2): the centre of its first pixel, mm, and its normal,
 * the cross product of the directions of rows and columns.
 */
final class PlanePosition {
    /** What cosines may differ by: they are written with few digits. */
    private static final double TOLERANCE = 1e-3;

    private final double[] position;
    private final double[] orientation;
    private final double[] normal;

    private PlanePosition(double[] position, double[] orientation) {
        this.position = position;
        this.orientation = orientation;
        this.normal = cross(orientation);
    }

    /** {@code null} where position or orientation is missing, as in projection X-rays, or cannot be. */
    static @Nullable PlanePosition of(HeaderValues values, int frame) {
        var positionText = values.text(Tags.IMAGE_POSITION, frame);
        var orientationText = values.text(Tags.IMAGE_ORIENTATION, frame);
        if (positionText == null || orientationText == null) {
            return null;
        }
        var position = DecimalString.parse(positionText, 3);
        var orientation = DecimalString.parse(orientationText, 6);
        return position == null || orientation == null || !isOrientation(orientation)
                ? null
                : new PlanePosition(position, orientation);
    }

    /** Whether position or orientation are there, but are no three numbers, or no two unit vectors at right angles. */
    static boolean isMalformed(HeaderValues values) {
        return values.text(Tags.IMAGE_POSITION, 0) != null
                && values.text(Tags.IMAGE_ORIENTATION, 0) != null
                && of(values, 0) == null;
    }

    private static boolean isOrientation(double[] o) {
        double rows = Math.hypot(Math.hypot(o[0], o[1]), o[2]);
        double columns = Math.hypot(Math.hypot(o[3], o[4]), o[5]);
        double angle = o[0] * o[3] + o[1] * o[4] + o[2] * o[5];
        return Math.abs(rows - 1) < 10 * TOLERANCE
                && Math.abs(columns - 1) < 10 * TOLERANCE
                && Math.abs(angle) < 10 * TOLERANCE;
    }

    private static double[] cross(double[] o) {
        return new double[] {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
    }

    /**
     * Which way slices, rows and columns run: to the right, to the front and upwards by rows. DICOM's own coordinates run to
     * the left and to the back (PS3.3 C.7.6.2.1.1).
     *
     * @param againstNormal whether slices follow each other against the normal
     */
    Orientation orientation(boolean againstNormal) {
        var directions = new double[3][3];
        for (int i = 0; i < 3; i++) {
            int sign = i == 2 ? 1 : -1;
            directions[i][0] = (againstNormal ? -sign : sign) * normal[i];
            directions[i][1] = sign * orientation[3 + i]; // from row to row: down a column
            directions[i][2] = sign * orientation[i];
        }
        return Objects.requireNonNull(Orientation.of(directions), "directions at right angles");
    }

    /** How far along this plane's normal {@code other} lies, from the coordinates' origin; mm. */
    double along(PlanePosition other) {
        return normal[0] * other.position[0] + normal[1] * other.position[1] + normal[2] * other.position[2];
    }

    boolean isParallelTo(PlanePosition other) {
        for (int i = 0; i < 6; i++) {
            if (!(Math.abs(orientation[i] - other.orientation[i]) <= TOLERANCE)) {
                return false;
            }
        }
        return true;
    }
}
