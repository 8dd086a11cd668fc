package fedbiomed.training;

import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A dataset of kind {@code files} as the plan's own reader reads it. */
final class ReaderSource implements SampleSource {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final SampleReader reader;
    private final PlanGuard guard;
    private final DataFolder folder;
    private final PlanFiles files;
    private final List<ColumnDescription> arrays;
    private final List<String> samples;
    /** A plan's code runs in one thread at a time. */
    private final ReentrantLock turn = new ReentrantLock();

    private ReaderSource(SampleReader reader, PlanGuard guard, DataFolder folder) {
        this.reader = reader;
        this.guard = guard;
        this.folder = folder;
        this.files = new PlanFiles(folder);
        this.arrays = arrays(reader, guard);
        this.samples = guard.call("reader.samples", () -> List.copyOf(reader.samples(files)));
        if (samples.isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT, "the plan's reader finds no sample in the dataset; leave this dataset out");
        }
    }

    /** What fails in the reader is told as the plan's failure, without its text, which may hold data. */
    static SampleSource open(SampleReader reader, PlanGuard guard, Path root) {
        return new ReaderSource(reader, guard, UnnamedFiles.opened(() -> DataFolder.of(root)));
    }

    private static List<ColumnDescription> arrays(SampleReader reader, PlanGuard guard) {
        return guard.call("reader.arrays", () -> {
            var arrays = new SampleReader.Arrays();
            reader.arrays(arrays);
            return arrays.described();
        });
    }

    /** Tells before any data is seen. @throws FedbiomedException PLAN_INVALID if the plan asks for what its reader has not */
    static void requireReads(SampleReader reader, PlanGuard guard, DataDeclaration declaration) {
        var arrays = arrays(reader, guard);
        for (var name : declaration.columns()) {
            if (arrays.stream().noneMatch(array -> array.name().equals(name))) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan's data(...) names '" + Text.shown(name)
                                + "', which its reader's arrays(...) has not; it"
                                + " has "
                                + arrays.stream()
                                        .map(array -> Text.shown(array.name()))
                                        .toList());
            }
        }
    }

    @Override
    public int samples() {
        return samples.size();
    }

    @Override
    public List<ColumnDescription> columns() {
        return arrays;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        var description = arrays.stream()
                .filter(a -> a.name().equals(array))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(array));
        double[] values;
        turn.lock();
        try {
            values = guard.call("reader.read", () -> reader.read(files, samples.get(sample), array));
        } finally {
            turn.unlock();
        }
        long elements = elements(description);
        if (values.length != elements) {
            // not how many it gave: by that a plan could tell what it read
            throw failed("gave another number of values for '" + Text.shown(array) + "' than the " + elements
                    + " that it has a sample");
        }
        boolean whole = DType.I64.name().equals(description.dtype());
        for (int i = 0; i < values.length; i++) {
            if (whole) {
                into.setAtIndex(LONG, i, whole(values[i], array));
            } else {
                into.setAtIndex(FLOAT, i, finite(values[i], array));
            }
        }
    }

    private static float finite(double value, String array) {
        float narrowed = (float) value;
        if (!Float.isFinite(narrowed)) {
            throw failed("gave a value for '" + Text.shown(array) + "' that is not finite as F32");
        }
        return narrowed;
    }

    private static long whole(double value, String array) {
        if (value != Math.rint(value) || Math.abs(value) > 1L << 53) {
            throw failed("gave a value for '" + Text.shown(array) + "' that is not whole, or beyond 2^53");
        }
        return (long) value;
    }

    private static FedbiomedException failed(String what) {
        return new FedbiomedException(
                ErrorCode.PLAN_FAILED, "the plan's reader " + what + "; correct its read(...) method");
    }

    private static long elements(ColumnDescription array) {
        return array.shape().stream().reduce(1L, Math::multiplyExact);
    }

    @Override
    public @Nullable String[] texts(String column) {
        throw new IllegalArgumentException("a plan's reader reads no text: '" + column + "'");
    }

    @Override
    public void requireSound(ReadProgress progress) {
        try (var arena = Arena.ofConfined()) {
            for (var array : arrays) {
                var memory = arena.allocate(elements(array) * Long.BYTES);
                for (int i = 0; i < samples(); i++) {
                    read(array.name(), i, memory);
                }
            }
        }
    }

    @Override
    public String fingerprint() {
        return DataFolder.fingerprint(folder.root(), folder.files(), Collections.emptySortedMap());
    }
}
