package fedbiomed.training;

import fedbiomed.data.SplitMix64;
import fedbiomed.data.transform.Draws;
import fedbiomed.parameters.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Some samples of named arrays of any shape, which stay where they are (in their files) until {@link #gather} reads the few
 * that a batch needs.
 */
public final class SampleArrays {
    static final SampleArrays NONE = new SampleArrays(List.of(), new int[0], new int[0], null, Map.of());

    /** Of each dataset its arrays by name. */
    private final List<SequencedMap<String, PreparedArray>> datasets;

    private final int[] dataset;
    private final int[] row;
    private final @Nullable Epoch epoch;

    /** For which augmentations are drawn. @param seed of the training */
    private record Epoch(long seed, int number) {}

    /** What was read beforehand, all samples one after the other; empty where nothing was. */
    private final Map<String, MemorySegment> fetched;

    private SampleArrays(
            List<SequencedMap<String, PreparedArray>> datasets,
            int[] dataset,
            int[] row,
            @Nullable Epoch epoch,
            Map<String, MemorySegment> fetched) {
        this.datasets = datasets;
        this.dataset = dataset;
        this.row = row;
        this.epoch = epoch;
        this.fetched = fetched;
    }

    /** @param arrays of one dataset; @param rows which samples of it */
    static SampleArrays of(List<PreparedArray> arrays, int[] rows) {
        var byName = new LinkedHashMap<String, PreparedArray>();
        arrays.forEach(array -> byName.put(array.name(), array));
        return new SampleArrays(List.of(byName), new int[rows.length], rows, null, Map.of());
    }

    public int samples() {
        return row.length;
    }

    /** In the order of the plan's declaration. */
    public SequencedSet<String> names() {
        return datasets.isEmpty()
                ? new LinkedHashSet<>()
                : new LinkedHashSet<>(datasets.getFirst().keySet());
    }

    public DType dtype(String name) {
        return array(0, name).dtype();
    }

    /** Of one sample. */
    public long[] shape(String name) {
        return array(0, name).shape();
    }

    /** Of these samples together. */
    public long sizeBytes(String name) {
        return sampleBytes(name) * samples();
    }

    /** Of all arrays together. */
    long sizeBytes() {
        return names().stream().mapToLong(this::sizeBytes).reduce(0L, Math::addExact);
    }

    private long sampleBytes(String name) {
        return Math.multiplyExact(array(0, name).elements(), dtype(name).bytes());
    }

    /** Reads these samples of an array, as the plan prepares them, into one piece, {@code [samples, ...]}. @param into {@link #sizeBytes} long */
    public void gather(String name, MemorySegment into) {
        var ready = fetched.get(name);
        if (ready == null) {
            gather(name, 0, samples(), into);
        } else {
            MemorySegment.copy(ready, 0, into, 0, sizeBytes(name));
        }
    }

    /** Reads some of these samples, {@code from} to {@code to - 1}, to where they have their place. Several threads may. */
    void gather(String name, int from, int to, MemorySegment into) {
        long bytes = sampleBytes(name);
        for (int i = from; i < to; i++) {
            var array = array(dataset[i], name);
            array.read(row[i], draws(i, array.index()), into.asSlice(i * bytes, bytes));
        }
    }

    /** The same samples, which were gathered already. @param memory of each array */
    SampleArrays fetched(Map<String, MemorySegment> memory) {
        return new SampleArrays(datasets, dataset, row, epoch, Map.copyOf(memory));
    }

    private @Nullable Draws draws(int i, int array) {
        return epoch == null ? null : new Draws(SplitMix64.mixed(epoch.seed, epoch.number, dataset[i], row[i]), array);
    }

    /** The same, augmented for an epoch: what is drawn for a sample depends on the seed, the epoch and the sample alone. */
    SampleArrays augmented(long seed, int number) {
        return new SampleArrays(datasets, dataset, row, new Epoch(seed, number), Map.of());
    }

    private PreparedArray array(int ofDataset, String name) {
        var array = datasets.get(ofDataset).get(name);
        if (array == null) {
            throw new IllegalArgumentException("no array '" + name + "' was read");
        }
        return array;
    }

    /** The samples {@code order[from]} to {@code order[to - 1]} of these. */
    SampleArrays select(int[] order, int from, int to) {
        var datasets = new int[to - from];
        var rows = new int[to - from];
        for (int i = from; i < to; i++) {
            datasets[i - from] = dataset[order[i]];
            rows[i - from] = row[order[i]];
        }
        return new SampleArrays(this.datasets, datasets, rows, epoch, Map.of());
    }

    /** One after the other; names, dtypes and shapes are those of the first. */
    static SampleArrays concatenated(List<SampleArrays> parts) {
        int samples = parts.stream().mapToInt(SampleArrays::samples).sum();
        var dataset = new int[samples];
        var row = new int[samples];
        var datasets = new ArrayList<SequencedMap<String, PreparedArray>>();
        int at = 0;
        for (var part : parts) {
            for (int i = 0; i < part.samples(); i++, at++) {
                dataset[at] = datasets.size() + part.dataset[i];
                row[at] = part.row[i];
            }
            datasets.addAll(part.datasets);
        }
        return new SampleArrays(List.copyOf(datasets), dataset, row, null, Map.of());
    }
}
