package fedbiomed.data.nifti;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * From the file's order of voxels (Fortran's: the first axis changes fastest) to C order of the same indices, a chunk of
 * consecutive voxels at a time. A chunk is some whole slabs (all voxels of one last index), mostly sixteen, so that as many
 * neighbours, one cache line, are written together; or a piece of a slab, where one is too large for that.
 */
final class AxisReversal {
    /** Voxels of a chunk at most: 16 MiB of floats, beside up to 32 MiB of stored elements. */
    static final int MAX_CHUNK_VOXELS = 1 << 22;

    private static final int LINE = 16;
    /** Slabs are taken together up to so many voxels: reading a few at a time would be slow. */
    private static final int SMALL_CHUNK_VOXELS = 1 << 16;

    /** Sizes without those of 1 at the end, which do not move a voxel. */
    private final int[] shape;
    /** How far apart neighbours along each axis come to lie. */
    private final long[] strides;

    private final long slab;
    private final int slabs;

    AxisReversal(int[] full) {
        int axes = full.length;
        while (axes > 1 && full[axes - 1] == 1) {
            axes--;
        }
        shape = Arrays.copyOf(full, axes);
        strides = new long[axes];
        long stride = 1;
        for (int axis = axes - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        slabs = shape[axes - 1];
        slab = stride / slabs;
    }

    /** How many voxels the chunk that starts at voxel {@code from} of the file has. */
    int chunkAt(long from) {
        if (slab > MAX_CHUNK_VOXELS) {
            return (int) Math.min(MAX_CHUNK_VOXELS, slab - from % slab);
        }
        long together = Math.max(SMALL_CHUNK_VOXELS / slab, Math.clamp(MAX_CHUNK_VOXELS / slab, 1, LINE));
        return (int) (slab * Math.min(together, slabs - from / slab));
    }

    /** Writes a chunk's {@code count} voxels, of which the first is voxel {@code from} of the file. */
    void write(float[] chunk, int count, long from, MemorySegment target) {
        long rest = from % slab;
        int together = Math.max(1, (int) (count / slab));
        int perSlab = count / together;
        var index = new int[shape.length - 1];
        long to = from / slab;
        for (int axis = 0; axis < index.length; axis++) {
            index[axis] = (int) (rest % shape[axis]);
            rest /= shape[axis];
            to += index[axis] * strides[axis];
        }
        for (int i = 0; i < perSlab; ) {
            int run = index.length == 0 ? 1 : Math.min(shape[0] - index[0], perSlab - i);
            writeRun(chunk, i, run, perSlab, together, to, target);
            i += run;
            if (index.length > 0) {
                to += run * strides[0];
                index[0] += run;
                for (int axis = 0; axis < index.length && index[axis] == shape[axis]; axis++) {
                    index[axis] = 0;
                    to -= shape[axis] * strides[axis];
                    if (axis + 1 < index.length) {
                        index[axis + 1]++;
                        to += strides[axis + 1];
                    }
                }
            }
        }
    }

    /** {@code run} neighbours along the first axis, of each of the slabs. */
    private void writeRun(float[] chunk, int at, int run, int perSlab, int together, long to, MemorySegment target) {
        long stride = strides[0];
        for (int i = 0; i < run; i++) {
            long line = to + i * stride;
            for (int k = 0; k < together; k++) {
                target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * (line + k), chunk[at + i + k * perSlab]);
            }
        }
    }
}
