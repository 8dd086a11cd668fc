package fedbiomed.data;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A dataset of arrays, under a loading plan. */
final class LoadedSource implements SampleSource {
    private final SampleSource own;
    private final LoadingPlan plan;
    private final SequencedMap<String, Loaded> columns = new LinkedHashMap<>();

    /** @param recoded {@code null} where the values are the node's own */
    private record Loaded(
            String from,
            ColumnDescription description,
            @Nullable SampleTable recoded) {}

    /** @throws FedbiomedException DATA_UNFIT if the plan does not fit the columns, or their values */
    LoadedSource(SampleSource own, LoadingPlan plan) {
        this.own = own;
        this.plan = plan;
        var byName = own.columns().stream().collect(Collectors.toMap(ColumnDescription::name, Function.identity()));
        var names = own.columns().stream().map(ColumnDescription::name).toList();
        for (var column : plan.over(names)) {
            columns.put(column.name(), loaded(column, byName));
        }
        // what has text alone would pass for a table
        if (columns().stream().allMatch(column -> column.dtype() == null)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "loading plan '" + plan.name() + "' leaves text alone, and nothing that a model could read; let it"
                            + " name an array, too");
        }
    }

    private Loaded loaded(LoadedColumn column, Map<String, ColumnDescription> byName) {
        var description = Objects.requireNonNull(byName.get(column.from()));
        if (!column.isRecoded()) {
            return new Loaded(column.from(), description.named(column.name()), null);
        }
        var recoded = SampleTable.inferred(column.name(), column.recoded(values(description, column.name())));
        return new Loaded(column.from(), recoded.columns().getFirst(), recoded);
    }

    /** As they would be written in a table: whole numbers without a point. */
    private @Nullable String[] values(ColumnDescription column, String agreed) {
        var dtype = column.dtype();
        if (dtype == null) {
            return own.texts(column.name());
        }
        if (!column.shape().isEmpty()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "column '" + Text.shown(agreed) + "': it is an array of shape " + column.shape()
                            + " a sample; only columns with one value a sample can be recoded");
        }
        var values = new @Nullable String[own.samples()];
        try (var arena = Arena.ofConfined()) {
            var type = DType.valueOf(dtype);
            var memory = arena.allocate(type.bytes(), Double.BYTES);
            var number = Tensor.of(type, new long[0], memory);
            for (int i = 0; i < values.length; i++) {
                own.read(column.name(), i, memory);
                values[i] = text(number.doubleAt(0));
            }
        }
        return values;
    }

    private static @Nullable String text(double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        return value == Math.rint(value) && Math.abs(value) <= 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private Loaded column(String name) {
        var column = columns.get(name);
        if (column == null) {
            throw new IllegalArgumentException("there is no column of that name");
        }
        return column;
    }

    @Override
    public int samples() {
        return own.samples();
    }

    @Override
    public List<ColumnDescription> columns() {
        return columns.values().stream().map(Loaded::description).toList();
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        var column = column(array);
        if (column.recoded == null) {
            own.read(column.from, sample, into);
        } else {
            column.recoded.read(array, sample, into);
        }
    }

    @Override
    public @Nullable String[] texts(String name) {
        var column = column(name);
        return column.recoded == null ? own.texts(column.from) : column.recoded.texts(name);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        own.requireSound(progress);
    }

    @Override
    public List<String> notes() {
        return own.notes();
    }

    @Override
    public String fingerprint() {
        return plan.fingerprint(own.fingerprint());
    }
}
