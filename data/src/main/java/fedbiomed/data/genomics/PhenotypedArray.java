package fedbiomed.data.genomics;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One array of floats a sample, and the samples' phenotypes beside it. */
final class PhenotypedArray implements SampleSource {
    private final ColumnDescription array;
    private final Values values;
    private final PhenotypeJoin join;
    private final DataFolder folder;
    private final List<String> files;
    private final SortedMap<String, String> settings;

    /** How a sample is read. */
    interface Values {
        /** @param sample its place in the file */
        void read(int sample, MemorySegment into);
    }

    /**
     * What the array is.
     *
     * @param content as {@link ColumnDescription#content}
     * @param incomplete how many samples have NaN in it
     */
    record Description(String name, List<Long> shape, String content, long incomplete) {}

    /** @param files those that are read; {@code null} for one that there is not */
    PhenotypedArray(
            Description description,
            Values values,
            PhenotypeJoin join,
            DataFolder folder,
            Stream<@Nullable String> files,
            SortedMap<String, String> settings) {
        join.requireFree(description.name());
        this.array = new ColumnDescription(
                description.name(),
                ColumnType.REAL,
                description.incomplete(),
                DType.F32.name(),
                description.shape(),
                description.content());
        this.values = values;
        this.join = join;
        this.folder = folder;
        this.files = files.filter(Objects::nonNull).map(Objects::requireNonNull).toList();
        this.settings = settings;
    }

    @Override
    public int samples() {
        return join.samples().length;
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        columns.add(array);
        columns.addAll(join.table().columns());
        return columns;
    }

    @Override
    public void read(String name, int sample, MemorySegment into) {
        if (name.equals(array.name())) {
            values.read(join.samples()[sample], into);
        } else {
            join.table().read(name, sample, into);
        }
    }

    @Override
    public @Nullable String[] texts(String column) {
        return join.table().texts(column);
    }

    /** What opening it did not read already. */
    @Override
    public void requireSound(ReadProgress progress) {
        long elements = array.shape().stream().reduce(1L, Math::multiplyExact);
        var buffer = MemorySegment.ofArray(new float[Math.toIntExact(elements)]);
        for (int sample = 0; sample < samples(); sample++) {
            read(array.name(), sample, buffer);
            progress.read(sample + 1L, samples());
        }
    }

    @Override
    public List<String> notes() {
        return join.leftOut() == 0
                ? List.of()
                : List.of(join.leftOut() + " samples have no row in the table, and are left out");
    }

    @Override
    public String fingerprint() {
        return DataFolder.fingerprint(folder.root(), files, settings);
    }
}
