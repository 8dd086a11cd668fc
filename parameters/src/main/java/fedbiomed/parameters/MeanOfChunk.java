package fedbiomed.parameters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** Computes the weighted mean of one chunk after the other and writes each to its place in the file. One thread's own. */
final class MeanOfChunk implements Chunk.Work {
    private final List<Parameters> models;
    private final double[] weights;
    private final double sumOfWeights;
    private final AsideFile file;
    /** Where each tensor of the first model begins in the file. */
    private final long[] places;

    private final Elements elements = new Elements();
    private final double[] sums = new double[Chunk.MAX_ELEMENTS];
    private final MemorySegment written = Arena.ofAuto().allocate((long) Chunk.MAX_ELEMENTS * Double.BYTES);

    /** @param dataStart where the data begins in the file, after the header */
    MeanOfChunk(List<Parameters> models, double[] weights, AsideFile file, long dataStart) {
        this.models = models;
        this.weights = weights.clone();
        this.sumOfWeights = Arrays.stream(weights).sum();
        this.file = file;
        this.places = new long[models.getFirst().names().size()];
        long place = dataStart;
        int i = 0;
        for (var tensor : models.getFirst().tensors().values()) {
            places[i++] = place;
            place += tensor.sizeBytes();
        }
    }

    @Override
    public void on(Chunk chunk) throws IOException {
        var first = models.getFirst().get(chunk.name());
        var bytes = first.dtype().isFloating() ? mean(chunk, first.dtype()) : copy(chunk, first);
        long place = places[chunk.tensor()] + chunk.from() * first.dtype().bytes();
        file.write(bytes.asByteBuffer(), place);
    }

    private MemorySegment mean(Chunk chunk, DType dtype) {
        int n = chunk.elements();
        Arrays.fill(sums, 0, n, 0);
        for (int m = 0; m < weights.length; m++) {
            elements.addTo(sums, models.get(m).get(chunk.name()), chunk.from(), n, weights[m]);
        }
        for (int i = 0; i < n; i++) {
            sums[i] /= sumOfWeights;
        }
        return elements.store(sums, n, dtype, written);
    }

    private MemorySegment copy(Chunk chunk, Tensor tensor) {
        int width = tensor.dtype().bytes();
        long bytes = (long) chunk.elements() * width;
        MemorySegment.copy(tensor.data(), chunk.from() * width, written, 0, bytes);
        return written.asSlice(0, bytes);
    }
}
