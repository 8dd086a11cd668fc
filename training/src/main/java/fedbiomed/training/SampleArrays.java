package fedbiomed.training;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * Some samples of named arrays of any shape, which stay where they are (in mapped files) until {@link #gather} copies the
 * few that a batch needs.
 */
public final class SampleArrays {
    static final SampleArrays NONE = new SampleArrays(List.of(), new int[0], new int[0]);

    /** Of each file its arrays by name, samples first. */
    private final List<Map<String, Tensor>> files;

    private final int[] file;
    private final int[] row;

    private SampleArrays(List<Map<String, Tensor>> files, int[] file, int[] row) {
        this.files = files;
        this.file = file;
        this.row = row;
    }

    /** @param arrays by name, all with the samples first; @param rows which samples of them */
    static SampleArrays of(Map<String, Tensor> arrays, int[] rows) {
        return new SampleArrays(List.of(arrays), new int[rows.length], rows);
    }

    public int samples() {
        return row.length;
    }

    /** In the order of the plan's declaration. */
    public SequencedSet<String> names() {
        return files.isEmpty()
                ? new LinkedHashSet<>()
                : new LinkedHashSet<>(files.getFirst().keySet());
    }

    public DType dtype(String name) {
        return whole(0, name).dtype();
    }

    /** Of one sample. */
    public long[] shape(String name) {
        var shape = whole(0, name).shape();
        return Arrays.copyOfRange(shape, 1, shape.length);
    }

    /** Of these samples together. */
    public long sizeBytes(String name) {
        return sampleBytes(name) * samples();
    }

    private long sampleBytes(String name) {
        long bytes = dtype(name).bytes();
        for (long size : shape(name)) {
            bytes = Math.multiplyExact(bytes, size);
        }
        return bytes;
    }

    /** Copies these samples of an array in one piece, {@code [samples, ...]}. @param into {@link #sizeBytes} long */
    public void gather(String name, MemorySegment into) {
        long bytes = sampleBytes(name);
        for (int i = 0; i < samples(); i++) {
            MemorySegment.copy(whole(file[i], name).data(), row[i] * bytes, into, i * bytes, bytes);
        }
    }

    private Tensor whole(int ofFile, String name) {
        var tensor = files.get(ofFile).get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no array '" + name + "' was read");
        }
        return tensor;
    }

    /** The samples {@code order[from]} to {@code order[to - 1]} of these. */
    SampleArrays select(int[] order, int from, int to) {
        var files = new int[to - from];
        var rows = new int[to - from];
        for (int i = from; i < to; i++) {
            files[i - from] = file[order[i]];
            rows[i - from] = row[order[i]];
        }
        return new SampleArrays(this.files, files, rows);
    }

    /** One after the other; names, dtypes and shapes are those of the first. */
    static SampleArrays concatenated(List<SampleArrays> parts) {
        int samples = parts.stream().mapToInt(SampleArrays::samples).sum();
        var file = new int[samples];
        var row = new int[samples];
        var files = new ArrayList<Map<String, Tensor>>();
        int at = 0;
        for (var part : parts) {
            for (int i = 0; i < part.samples(); i++, at++) {
                file[at] = files.size() + part.file[i];
                row[at] = part.row[i];
            }
            files.addAll(part.files);
        }
        return new SampleArrays(List.copyOf(files), file, row);
    }
}
