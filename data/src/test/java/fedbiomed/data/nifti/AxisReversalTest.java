package fedbiomed.data.nifti;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AxisReversalTest {
    /** One axis, flat and thin, ones at the beginning, between and at the end, and slabs larger than a chunk. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "200000",
                "3,50000",
                "50000,3",
                "1,1,1,40,30",
                "30,1,40,1,1",
                "70,80,90",
                "300,300,3",
                "64,64,20,17",
                "3,4,5,2,3,2,3",
                "2100,2000,2",
                "2100,2,2000"
            })
    void everyVoxelComesToWhereItsIndicesSay(String text) {
        var shape =
                Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseInt).toArray();
        int voxels = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        var target = new float[voxels];
        var reversal = new AxisReversal(shape);
        for (int from = 0; from < voxels; ) {
            int count = reversal.chunkAt(from);
            assertThat(count).isBetween(1, AxisReversal.MAX_CHUNK_VOXELS);
            var chunk = new float[count];
            for (int i = 0; i < count; i++) {
                chunk[i] = from + i;
            }
            reversal.write(chunk, count, from, MemorySegment.ofArray(target));
            from += count;
        }
        int wrong = 0;
        for (int at = 0; at < voxels; at++) {
            wrong += target[at] == fileIndex(shape, voxels, at) ? 0 : 1;
        }
        assertThat(wrong).isZero();
    }

    /** Where in the file, first axis fastest, the voxel is that is the {@code at}th in C order. */
    private static int fileIndex(int[] shape, int voxels, int at) {
        int index = 0;
        int stride = voxels;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            stride /= shape[axis];
            index += at % shape[axis] * stride;
            at /= shape[axis];
        }
        return index;
    }
}
