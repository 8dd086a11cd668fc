package fedbiomed.training;

import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.Arena;
import java.util.Objects;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One array, or column of text, of a dataset: what it is, and its values. */
record ArrayColumn(SampleSource source, ColumnDescription description) {
    /** How many names of arrays an error lists. */
    private static final int NAMES_SHOWN = 20;

    /** @throws FedbiomedException DATA_UNFIT naming the arrays that there are */
    static ArrayColumn of(SampleSource source, String name) {
        var columns = source.columns();
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .map(column -> new ArrayColumn(source, column))
                .findFirst()
                .orElseThrow(() -> {
                    var names = columns.stream()
                            .limit(NAMES_SHOWN)
                            .map(column -> Text.shown(column.name()))
                            .toList();
                    return new FedbiomedException(
                            ErrorCode.DATA_UNFIT,
                            "there is no array '" + Text.shown(name) + "' in the dataset; it has "
                                    + String.join(", ", names) + (columns.size() > NAMES_SHOWN ? ", ..." : ""));
                });
    }

    boolean isText() {
        return description.dtype() == null;
    }

    /** @throws FedbiomedException DATA_UNFIT for text */
    DType dtype() {
        if (isText()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "'" + Text.shown(description.name())
                            + "' is text, and only numbers can be an input or a value; as a target it needs .classes(...)");
        }
        return DType.valueOf(Objects.requireNonNull(description.dtype()));
    }

    long[] shape() {
        return description.shape().stream().mapToLong(size -> size).toArray();
    }

    /** Of one sample. */
    long elements() {
        return description.shape().stream().reduce(1L, Math::multiplyExact);
    }

    /** The only element of each sample. */
    double[] numbers() {
        var numbers = new double[source.samples()];
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(elements() * dtype().bytes(), Double.BYTES);
            var sample = Tensor.of(dtype(), shape(), memory);
            for (int i = 0; i < numbers.length; i++) {
                source.read(description.name(), i, memory);
                numbers[i] = sample.doubleAt(0);
            }
        }
        return numbers;
    }

    /** {@code null} where one is missing. */
    @Nullable
    String[] texts() {
        return source.texts(description.name());
    }

    /** How many elements of all samples are so; samples are read by several threads. */
    long count(DoublePredicate test) {
        return IntStream.range(0, source.samples())
                .parallel()
                .mapToLong(sample -> count(sample, test))
                .sum();
    }

    private long count(int index, DoublePredicate test) {
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(elements() * dtype().bytes(), Double.BYTES);
            source.read(description.name(), index, memory);
            var sample = Tensor.of(dtype(), shape(), memory);
            return LongStream.range(0, sample.elements())
                    .filter(element -> test.test(sample.doubleAt(element)))
                    .count();
        }
    }
}
