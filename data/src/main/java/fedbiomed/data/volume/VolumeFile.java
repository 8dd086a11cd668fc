package fedbiomed.data.volume;

import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.MemorySegment;

/**
 * A volume on disk whose header has been read and checked against the file's size; its voxels have not. Immutable and
 * without an open file: each reading opens and closes it, so one instance serves any number of threads.
 */
public interface VolumeFile {
    /**
     * Most voxels that a file may declare unless the caller says otherwise: 2^29, which as floats are 2 GiB; 2,048 slices
     * of 512 x 512.
     */
    long MAX_VOXELS = 1L << 29;

    /** Size of each axis; the last one changes fastest in what {@link #readInto} writes. A fresh array. */
    int[] shape();

    /** Distance of neighbouring voxels along each axis of {@link #shape}, above 0; 1 where the file does not say. */
    double[] spacing();

    /** The file's own element type, by its name in the format's specification. */
    String storedType();

    /** Product of {@link #shape}. */
    default long voxels() {
        long voxels = 1;
        for (int size : shape()) {
            voxels *= size;
        }
        return voxels;
    }

    /**
     * Writes every voxel, rescaled as the file says, as float32 in C order and the machine's byte order.
     *
     * @param target of at least {@code 4 * voxels()} bytes; need not be aligned
     * @throws FedbiomedException DATA_UNFIT if the voxels cannot be decoded or end too early; DATASET_CHANGED if the file
     *     has gone. Part of {@code target} may have been written then
     * @throws IllegalArgumentException if {@code target} is too small
     */
    void readInto(MemorySegment target);

    /** All voxels, as {@link #readInto} gives them. @throws FedbiomedException as {@link #readInto} */
    default Volume read() {
        var values = new float[Math.toIntExact(voxels())];
        readInto(MemorySegment.ofArray(values));
        return new Volume(values, shape(), spacing());
    }
}
