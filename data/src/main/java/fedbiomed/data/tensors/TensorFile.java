package fedbiomed.data.tensors;

import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file whose arrays have the samples as their first dimension: {@code image} U8 {@code [n, 1, 8, 8]} beside
 * {@code label} I64 {@code [n]}. It is memory-mapped, so that what is not looked at is not read; the mapping lasts as
 * long as its tensors are reachable.
 */
public final class TensorFile implements SampleSource {
    /** More arrays than these a sample is a mistake: a message names each of them. */
    public static final int MAX_ARRAYS = 1_000;

    private final Path file;
    private final Parameters arrays;
    private final int samples;

    private TensorFile(Path file, Parameters arrays, int samples) {
        this.file = file;
        this.arrays = arrays;
        this.samples = samples;
    }

    /**
     * @throws FedbiomedException DATA_UNFIT naming the array and the remedy, if the file is no safetensors file, holds no
     *     array, or the arrays differ in their number of samples; DATASET_CHANGED if there is no such file
     */
    public static TensorFile open(Path file) {
        if (!Files.exists(file)) {
            throw new FedbiomedException(
                    ErrorCode.DATASET_CHANGED,
                    name(file) + ": there is no such file; restore it, or register the dataset again where it is now");
        }
        Parameters arrays;
        try {
            arrays = Safetensors.map(file);
        } catch (FedbiomedException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    e.text() + "; write the arrays with safetensors (Python: safetensors.numpy.save_file)",
                    e);
        }
        return new TensorFile(file, arrays, samples(file, arrays));
    }

    private static int samples(Path file, Parameters arrays) {
        if (arrays.names().isEmpty() || arrays.names().size() > MAX_ARRAYS) {
            throw unfit(file, "it holds " + arrays.names().size() + " arrays; 1 to " + MAX_ARRAYS + " are allowed");
        }
        var first = arrays.names().getFirst();
        long samples = -1;
        for (var entry : arrays.tensors().entrySet()) {
            var shape = entry.getValue().shape();
            if (shape.length == 0) {
                throw unfit(
                        file,
                        "array '" + Text.shown(entry.getKey())
                                + "' is a single number; every array's first dimension is that of the samples");
            }
            if (samples >= 0 && shape[0] != samples) {
                throw unfit(
                        file,
                        "array '" + Text.shown(first) + "' has " + samples + " samples, '" + Text.shown(entry.getKey())
                                + "' has " + shape[0] + "; every array needs the same number");
            }
            samples = shape[0];
        }
        if (samples < 1 || samples > Integer.MAX_VALUE - 8) {
            throw unfit(file, "it holds " + samples + " samples; 1 to 2^31 are allowed");
        }
        return (int) samples;
    }

    @Override
    public int samples() {
        return samples;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        var tensor = Objects.requireNonNull(arrays.tensors().get(array), array);
        long bytes = tensor.data().byteSize() / samples;
        MemorySegment.copy(tensor.data(), sample * bytes, into, 0, bytes);
    }

    @Override
    public @Nullable String[] texts(String column) {
        throw new IllegalArgumentException("arrays hold no text");
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        arrays.tensors().forEach((name, tensor) -> {
            var shape = tensor.shape();
            var type = switch (tensor.dtype()) {
                case F64, F32, F16, BF16 -> ColumnType.REAL;
                case BOOL -> ColumnType.BOOLEAN;
                case I64, I32, I16, I8, U8 -> ColumnType.INTEGER;
            };
            var each = LongStream.of(Arrays.copyOfRange(shape, 1, shape.length)).boxed();
            columns.add(new ColumnDescription(name, type, 0, tensor.dtype().name(), each.toList()));
        });
        return columns;
    }

    /** @throws FedbiomedException DATA_UNFIT if an array holds NaN or infinities */
    @Override
    public void requireSound(ReadProgress progress) {
        try {
            VectorMath.requireFinite(arrays, name(file));
        } catch (FedbiomedException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    e.text() + "; replace values that are missing or not finite before the file is written",
                    e);
        }
    }

    @Override
    public String fingerprint() {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    name(file) + ": reading it failed (" + e.getClass().getSimpleName()
                            + "); check the disk it lies on",
                    e);
        }
    }

    private static FedbiomedException unfit(Path file, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, name(file) + ": " + what);
    }

    private static String name(Path file) {
        return Text.shown(String.valueOf(file.getFileName()));
    }
}
