package fedbiomed.data.nifti;

import java.util.ArrayList;
import java.util.List;

/** From voxel indices to scanner coordinates (nifti1.h, "3D image (volume) orientation and location in space"). */
final class NiftiAffine {
    private NiftiAffine() {}

    /** Method 3 (sform) where it has a code, else method 2 (qform), else nibabel's base affine. 4 x 4 by rows. */
    static List<Double> of(HeaderFields fields, List<Integer> shape, List<Double> spacing) {
        if (fields.sformCode() > 0) {
            var rows = new ArrayList<Double>();
            for (int i = 0; i < 12; i++) {
                rows.add(fields.srow(i));
            }
            rows.addAll(List.of(0.0, 0.0, 0.0, 1.0));
            return rows;
        }
        return fields.qformCode() > 0 ? qform(fields, spacing) : base(shape, spacing);
    }

    private static List<Double> qform(HeaderFields fields, List<Double> spacing) {
        double b = fields.quatern(0);
        double c = fields.quatern(1);
        double d = fields.quatern(2);
        double rest = 1 - (b * b + c * c + d * d);
        double a = 0;
        if (rest < 1e-7) { // half a turn: rounding may have left the three longer than 1
            double length = Math.sqrt(b * b + c * c + d * d);
            b /= length;
            c /= length;
            d /= length;
        } else {
            a = Math.sqrt(rest);
        }
        double dx = spacing.get(0);
        double dy = spacing.get(1);
        double dz = spacing.get(2) * fields.qfac();
        return List.of(
                (a * a + b * b - c * c - d * d) * dx,
                (2 * b * c - 2 * a * d) * dy,
                (2 * b * d + 2 * a * c) * dz,
                fields.quatern(3),
                (2 * b * c + 2 * a * d) * dx,
                (a * a + c * c - b * b - d * d) * dy,
                (2 * c * d - 2 * a * b) * dz,
                fields.quatern(4),
                (2 * b * d - 2 * a * c) * dx,
                (2 * c * d + 2 * a * b) * dy,
                (a * a + d * d - c * c - b * b) * dz,
                fields.quatern(5),
                0.0,
                0.0,
                0.0,
                1.0);
    }

    /** The volume's middle at 0; x runs from right to left as in ANALYZE. */
    private static List<Double> base(List<Integer> shape, List<Double> spacing) {
        var rows = new ArrayList<Double>();
        for (int row = 0; row < 3; row++) {
            double step = row == 0 ? -spacing.get(row) : spacing.get(row);
            for (int column = 0; column < 3; column++) {
                rows.add(row == column ? step : 0.0);
            }
            rows.add(-step * ((row < shape.size() ? shape.get(row) : 1) - 1) / 2);
        }
        rows.addAll(List.of(0.0, 0.0, 0.0, 1.0));
        return rows;
    }
}
