package fedbiomed.parameters;

import java.util.Arrays;

/**
 * A model or a vector in a file that is being written.
 *
 * @param places where each of the structure's tensors begins in the file; -1: it is not written
 * @param end the byte after the last
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record FoldOutput(AsideFile file, long[] places, long end) {
    static FoldOutput at(long place, String vector, Parameters structure, AsideFile file) {
        boolean model = vector.equals(ModelFold.Target.MODEL);
        var places = new long[structure.names().size()];
        Arrays.fill(places, -1);
        long next = place;
        int i = 0;
        for (var tensor : structure.tensors().values()) {
            if (model || tensor.dtype().isFloating()) {
                places[i] = next;
                next += tensor.sizeBytes();
            }
            i++;
        }
        return new FoldOutput(file, places, next);
    }
}
