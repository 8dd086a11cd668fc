package fedbiomed.data.nifti;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The header's fields by their names in nifti1.h and nifti2.h, which have the same ones at other places and widths. Each is
 * checked for what it may be; none is believed about the file's size.
 */
final class HeaderFields {
    static final int NIFTI1_BYTES = 348;
    static final int NIFTI2_BYTES = 540;

    private static final int MAX_AXES = 7;

    private final VolumeProblem problem;
    private final ByteBuffer bytes;
    private final int version;

    private HeaderFields(VolumeProblem problem, ByteBuffer bytes, int version) {
        this.problem = problem;
        this.bytes = bytes;
        this.version = version;
    }

    /**
     * @param start the file's first {@link #NIFTI2_BYTES} bytes, or all if it has fewer
     * @throws FedbiomedException DATA_UNFIT if this is no NIfTI header
     */
    static HeaderFields of(VolumeProblem problem, byte[] start) {
        var bytes = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        int size = start.length < 4 ? 0 : bytes.getInt(0);
        if (size == Integer.reverseBytes(NIFTI1_BYTES) || size == Integer.reverseBytes(NIFTI2_BYTES)) {
            size = Integer.reverseBytes(size);
            bytes.order(ByteOrder.BIG_ENDIAN);
        }
        if (size != NIFTI1_BYTES && size != NIFTI2_BYTES) {
            throw problem.of("it does not start as a NIfTI image does (sizeof_hdr 348 or 540); convert it to NIfTI");
        }
        if (start.length < size) {
            throw problem.of("it ends within the header; copy it again from where it came");
        }
        return new HeaderFields(problem, bytes, size == NIFTI1_BYTES ? 1 : 2);
    }

    VolumeProblem problem() {
        return problem;
    }

    int version() {
        return version;
    }

    ByteOrder order() {
        return bytes.order();
    }

    /** Whether {@code magic} says that the voxels are in a file of their own. */
    boolean isPair() {
        int at = version == 1 ? 344 : 4;
        var single = version == 1 ? new byte[] {'n', '+', '1', 0} : new byte[] {'n', '+', '2', 0, '\r', '\n', 26, '\n'};
        var magic = Arrays.copyOfRange(bytes.array(), at, at + single.length);
        if (Arrays.equals(magic, single)) {
            return false;
        }
        single[1] = 'i';
        if (Arrays.equals(magic, single)) {
            return true;
        }
        throw problem.of(
                version == 1
                        ? "magic is neither 'n+1' nor 'ni1'; it may be an ANALYZE 7.5 image, whose orientation is not"
                                + " certain: convert it to NIfTI"
                        : "magic is not that of NIfTI-2; it was changed on its way (line ends?): copy it again");
    }

    int datatype() {
        return bytes.getShort(version == 1 ? 70 : 12);
    }

    /** {@code dim[1..dim[0]]}. */
    List<Integer> shape(long maxVoxels) {
        long axes = dim(0);
        if (axes < 1 || axes > MAX_AXES) {
            throw problem.of("dim[0], the number of axes, is " + axes + "; it must be 1 to " + MAX_AXES);
        }
        var shape = new ArrayList<Integer>();
        long voxels = 1;
        for (int axis = 1; axis <= axes; axis++) {
            long size = dim(axis);
            if (size < 1) {
                throw problem.of("dim[" + axis + "] is " + size + "; every axis needs at least one voxel");
            }
            if (size > maxVoxels / voxels) {
                throw problem.of("its header declares more than " + maxVoxels
                        + " voxels; if that is right, cut it into smaller files");
            }
            voxels *= size;
            shape.add((int) size);
        }
        return shape;
    }

    private long dim(int i) {
        return version == 1 ? bytes.getShort(40 + 2 * i) : bytes.getLong(16 + 8 * i);
    }

    /** {@code pixdim[1..7]}: a voxel's extents are above 0 and numbers, or else 1. */
    List<Double> spacing() {
        var spacing = new ArrayList<Double>();
        for (int axis = 1; axis <= MAX_AXES; axis++) {
            double extent = Math.abs(pixdim(axis));
            spacing.add(extent > 0 && Double.isFinite(extent) ? extent : 1);
        }
        return spacing;
    }

    /** {@code qfac}: -1 where the third axis is mirrored, else 1. */
    double qfac() {
        return pixdim(0) < 0 ? -1 : 1;
    }

    private double pixdim(int i) {
        return real(76, 104, i);
    }

    double slope() {
        return real(112, 176, 0);
    }

    double intercept() {
        return real(116, 184, 0);
    }

    long dataOffset(boolean pair) {
        double offset = version == 1 ? bytes.getFloat(108) : bytes.getLong(168);
        int first = pair ? 0 : version == 1 ? NIFTI1_BYTES + 4 : NIFTI2_BYTES + 4;
        if (offset == 0) { // as nibabel: written by programs that leave it out
            return first;
        }
        if (!(offset >= first && offset <= NiftiHeader.MAX_DATA_OFFSET) || offset != Math.rint(offset)) {
            throw problem.of("vox_offset, where its voxels start, is " + offset + "; it must be a whole number from "
                    + first + " to " + NiftiHeader.MAX_DATA_OFFSET);
        }
        return (long) offset;
    }

    int qformCode() {
        return version == 1 ? bytes.getShort(252) : bytes.getInt(344);
    }

    int sformCode() {
        return version == 1 ? bytes.getShort(254) : bytes.getInt(348);
    }

    /** {@code quatern_b, quatern_c, quatern_d} at 0 to 2, {@code qoffset_x, _y, _z} at 3 to 5. */
    double quatern(int i) {
        return real(256, 352, i);
    }

    /** {@code srow_x, srow_y, srow_z}, four each. */
    double srow(int i) {
        return real(280, 400, i);
    }

    String spatialUnit() {
        return switch ((version == 1 ? bytes.get(123) : bytes.getInt(500)) & 7) {
            case 1 -> "m";
            case 2 -> "mm";
            case 3 -> "um";
            default -> "unknown";
        };
    }

    private double real(int at1, int at2, int i) {
        return version == 1 ? bytes.getFloat(at1 + 4 * i) : bytes.getDouble(at2 + 8 * i);
    }
}
