package fedbiomed.data.idx;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Images and labels in two IDX files of one folder, named as MNIST's are ({@code train-images-idx3-ubyte},
 * {@code train-labels-idx1-ubyte}, with or without {@code .gz}). Array {@value #IMAGE}: of two dimensions a sample
 * {@code [1, height, width]}, of more as they stand; {@value #LABEL}: I64, one number.
 */
public final class IdxFolder implements SampleSource {
    public static final String IMAGE = "image";
    public static final String LABEL = "label";

    private static final String PART = "part";

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS = Collections.unmodifiableSortedMap(new TreeMap<>(
            Map.of(PART, "what the files' names begin with, of several pairs in one folder, e.g. train or t10k")));

    private static final Pattern IMAGES = Pattern.compile("(.*)-images[-.]idx[0-9]+-u?[a-z]+(\\.gz)?");
    private static final Pattern LABELS = Pattern.compile("(.*)-labels[-.]idx1-u?[a-z]+(\\.gz)?");

    private final Path folder;
    private final List<String> files;
    private final SortedMap<String, String> settings;
    private final IdxFile images;
    private final SampleTable labels;

    private IdxFolder(
            Path folder, List<String> files, SortedMap<String, String> settings, IdxFile images, SampleTable labels) {
        this.folder = folder;
        this.files = files;
        this.settings = settings;
        this.images = images;
        this.labels = labels;
    }

    /** @throws FedbiomedException DATA_UNFIT naming the file and the remedy */
    public static IdxFolder open(Path path, SortedMap<String, String> settings) {
        var folder = DataFolder.of(path);
        var pairs = new TreeMap<String, List<String>>();
        for (var file : folder.files()) {
            for (var kind : List.of(IMAGES, LABELS)) {
                var name = kind.matcher(file);
                if (name.matches()) {
                    pairs.computeIfAbsent(name.group(1), _ -> new ArrayList<>()).add(file);
                }
            }
        }
        var part = settings.getOrDefault(PART, pairs.size() == 1 ? pairs.firstKey() : "");
        var pair = pairs.get(part);
        if (pair == null) {
            throw unfit(
                    pairs.isEmpty()
                            ? "the folder holds no files named like train-images-idx3-ubyte and train-labels-idx1-ubyte"
                            : "the folder holds the parts " + Text.shown(String.join(", ", pairs.keySet()))
                                    + "; say which with the setting '" + PART + "'");
        }
        if (pair.size() != 2 || !IMAGES.matcher(pair.getFirst()).matches()) {
            throw unfit("of the part '" + Text.shown(part)
                    + "' there must be one file of images and one of labels; there are "
                    + Text.shown(String.join(", ", pair)));
        }
        var images = IdxFile.open(folder.path(pair.getFirst()));
        var labelFile = folder.path(pair.getLast());
        var labels = labels(IdxFile.open(labelFile), labelFile);
        if (images.shape()[0] != labels.length) {
            throw unfit(Text.shown(pair.getFirst()) + " has " + images.shape()[0] + " samples, "
                    + Text.shown(pair.getLast()) + " has " + labels.length + "; they are not of one dataset");
        }
        return new IdxFolder(path, pair, settings, images, SampleTable.of(LABEL, labels));
    }

    private static long[] labels(IdxFile file, Path path) {
        if (file.shape().length != 1 || file.dtype() != DType.U8) {
            throw IdxFile.unfit(path, "labels are one unsigned byte a sample (IDX type 0x08, one dimension)");
        }
        var labels = new long[Math.toIntExact(file.shape()[0])];
        var label = Arena.ofAuto().allocate(1);
        for (int i = 0; i < labels.length; i++) {
            file.read(i, label);
            labels[i] = label.get(ValueLayout.JAVA_BYTE, 0) & 0xFF;
        }
        return labels;
    }

    @Override
    public int samples() {
        return (int) images.shape()[0];
    }

    @Override
    public List<ColumnDescription> columns() {
        var shape = images.shape();
        var each = LongStream.of(Arrays.copyOfRange(shape, 1, shape.length)).boxed();
        var sample = shape.length == 3 ? Stream.concat(Stream.of(1L), each) : each;
        var columns = new ArrayList<ColumnDescription>();
        columns.add(new ColumnDescription(
                IMAGE,
                images.dtype().isFloating() ? ColumnType.REAL : ColumnType.INTEGER,
                0,
                images.dtype().name(),
                sample.toList()));
        columns.addAll(labels.columns());
        return columns;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        if (array.equals(IMAGE)) {
            images.read(sample, into);
        } else {
            labels.read(array, sample, into);
        }
    }

    @Override
    public @Nullable String[] texts(String column) {
        return labels.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        if (!images.dtype().isFloating()) {
            return;
        }
        // as whole samples: their elements are floats or doubles
        long elements = LongStream.of(images.shape()).skip(1).reduce(1, Math::multiplyExact);
        try (var arena = Arena.ofConfined()) {
            var sample = arena.allocate(elements * images.dtype().bytes());
            for (int i = 0; i < samples(); i++) {
                images.read(i, sample);
                for (long e = 0; e < elements; e++) {
                    double value = images.dtype() == DType.F32
                            ? sample.get(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), e * 4)
                            : sample.get(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), e * 8);
                    if (!Double.isFinite(value)) {
                        throw unfit(Text.shown(files.getFirst()) + ": sample " + i
                                + " has an element that is not finite; correct the file");
                    }
                }
            }
        }
    }

    @Override
    public String fingerprint() {
        return DataFolder.fingerprint(folder, files, settings);
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
