package fedbiomed.data.nifti;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What a NIfTI header says of its voxels; its free texts ({@code descrip}, {@code aux_file}, {@code intent_name},
 * {@code db_name}) and extensions are not read. Two headers are equal if all of this is.
 *
 * @param version 1 or 2
 * @param order byte order of header and voxels
 * @param type the stored element type
 * @param shape {@code dim[1..]}, i first: 1 to 7 sizes, each above 0
 * @param spacing {@code pixdim[1..]}, an entry an axis, in {@code spatialUnit} for the first three; 1 where the file has 0 or
 *     no number
 * @param slope {@code scl_slope}; 1 where the file has 0 or no number: no scaling
 * @param intercept {@code scl_inter}; 0 where there is no scaling
 * @param dataOffset where the voxels start, in bytes of the (decompressed) file that has them
 * @param affine from (i, j, k, 1) to scanner coordinates, 4 x 4 by rows: the sform, else the qform, else the one that nibabel
 *     derives of shape and spacing
 * @param spatialUnit {@code mm}, {@code m}, {@code um}, or {@code unknown}
 */
public record NiftiHeader(
        int version,
        ByteOrder order,
        NiftiType type,
        List<Integer> shape,
        List<Double> spacing,
        double slope,
        double intercept,
        long dataOffset,
        List<Double> affine,
        String spatialUnit) {
    /**
     * Bytes of header and extensions before the voxels at most. CIFTI-2 keeps some MB of XML there; more would let a small
     * compressed file cost minutes before its first voxel.
     */
    static final long MAX_DATA_OFFSET = 256L << 20;

    public NiftiHeader {
        shape = List.copyOf(shape);
        spacing = List.copyOf(spacing);
        affine = List.copyOf(affine);
    }

    /** Product of {@link #shape}. */
    public long voxels() {
        long voxels = 1;
        for (int size : shape) {
            voxels *= size;
        }
        return voxels;
    }

    /** Bytes of all voxels as they are stored. */
    long dataBytes() {
        return voxels() * type.bytes();
    }

    /**
     * @param pair whether the voxels are in a file of their own
     * @throws FedbiomedException DATA_UNFIT naming the field
     */
    static NiftiHeader read(HeaderFields fields, boolean pair, long maxVoxels) {
        var problem = fields.problem();
        int datatype = fields.datatype();
        var type = NiftiType.ofCode(datatype);
        if (type == null) {
            throw problem.of("its element type (datatype " + datatype + ") is " + NiftiType.nameOfCode(datatype)
                    + "; convert it to a real number type, such as int16 or float32");
        }
        var shape = fields.shape(maxVoxels);
        double slope = fields.slope();
        double intercept = 0;
        if (slope == 0 || !Double.isFinite(slope)) { // the specification's 0, and NaN as nibabel writes it
            slope = 1;
        } else {
            intercept = fields.intercept();
            if (!Double.isFinite(intercept)) {
                throw problem.of("scl_slope is a number, but scl_inter is not; correct the header");
            }
        }
        var spacing = fields.spacing();
        return new NiftiHeader(
                fields.version(),
                fields.order(),
                type,
                shape,
                spacing.subList(0, shape.size()),
                slope,
                intercept,
                fields.dataOffset(pair),
                NiftiAffine.of(fields, shape, spacing),
                fields.spatialUnit());
    }
}
