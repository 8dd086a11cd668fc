package fedbiomed.data;

import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import java.lang.foreign.Arena;
import java.util.Objects;

/** Reads samples as tests want them. */
public final class Samples {
    private Samples() {}

    /** One sample of an array. */
    public static Tensor read(SampleSource source, String array, int sample) {
        var column = source.columns().stream()
                .filter(c -> c.name().equals(array))
                .findFirst()
                .orElseThrow();
        var dtype = DType.valueOf(Objects.requireNonNull(column.dtype()));
        var shape = column.shape().stream().mapToLong(s -> s).toArray();
        long elements = column.shape().stream().reduce(1L, (a, b) -> a * b);
        var memory = Arena.ofAuto().allocate(elements * dtype.bytes(), Double.BYTES);
        source.read(array, sample, memory);
        return Tensor.of(dtype, shape, memory);
    }
}
