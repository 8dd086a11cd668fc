package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trained model as its difference to the model that it was trained from, compressed: a safetensors file with, for each
 * floating tensor of the model that has two dimensions or more,
 *
 * <ul>
 *   <li>{@code bfloat16}, {@code float16}: the difference, BF16 or F16, of the tensor's shape;
 *   <li>{@code int8}: whole numbers, I8 of the tensor's shape, and their scale, {@code compression/scale/NAME}, F32, a scalar;
 *   <li>{@code top_k}: k differences, F32[k], and {@code compression/indices/NAME}, I32[k], their places in row-major
 *       order, increasing.
 * </ul>
 *
 * <p>Whole numbers, scalars, vectors (biases, running means) and what travels along ({@link Auxiliary}) are the trained
 * model's. The metadata's {@code compression} names the scheme. Files are gone through in stretches: the heap does not grow
 * with the model.
 */
public final class CompressedUpdate {
    /** The {@link Auxiliary} vector of a node's state that holds what compression has lost so far. */
    public static final String ERROR = "compression_error";

    static final String SCHEME = "compression";
    /**
     * A vector weighs little, and may hold variances (batch normalisation's), which a rounded or late difference can make
     * negative.
     */
    private static final int LEAST_RANK = 2;

    private static final String SCALE = "compression/scale/";
    private static final String INDICES = "compression/indices/";

    private CompressedUpdate() {}

    /** How a tensor lies in the compressed file: one entry, or its values and what belongs to them. */
    record Layout(Header.Entry values, List<Header.Entry> more) {}

    /** Whether it travels as a compressed difference. */
    static boolean isCompressed(String name, Tensor tensor) {
        return tensor.dtype().isFloating() && tensor.shape().length >= LEAST_RANK && !Auxiliary.is(name);
    }

    /** Those of a model that do. */
    static Parameters compressed(Parameters model) {
        var compressed = Parameters.builder();
        model.tensors().forEach((name, tensor) -> {
            if (isCompressed(name, tensor)) {
                compressed.put(name, tensor);
            }
        });
        return compressed.build();
    }

    /** @throws FedbiomedException {@code UNSUPPORTED} for a tensor that an I32 index does not reach all of */
    static List<Layout> layout(CompressionScheme scheme, Parameters model) {
        var layouts = new ArrayList<Layout>();
        long at = 0;
        for (var named : model.tensors().entrySet()) {
            var name = named.getKey();
            var tensor = named.getValue();
            Layout layout;
            if (!isCompressed(name, tensor)) {
                layout = new Layout(entry(name, tensor.dtype(), at, tensor.shape()), List.of());
            } else {
                layout = switch (scheme) {
                    case CompressionScheme.HalfPrecision(var dtype) ->
                        new Layout(entry(name, dtype, at, tensor.shape()), List.of());
                    case CompressionScheme.Int8() -> {
                        var values = entry(name, DType.I8, at, tensor.shape());
                        yield new Layout(values, List.of(entry(SCALE + name, DType.F32, values.end())));
                    }
                    case CompressionScheme.TopK topK -> {
                        requireReach(name, tensor);
                        long k = topK.count(tensor.elements());
                        var values = entry(name, DType.F32, at, k);
                        yield new Layout(values, List.of(entry(INDICES + name, DType.I32, values.end(), k)));
                    }
                };
            }
            layouts.add(layout);
            at = layout.more().isEmpty()
                    ? layout.values().end()
                    : layout.more().getLast().end();
        }
        return layouts;
    }

    private static void requireReach(String name, Tensor tensor) {
        if (tensor.elements() > Integer.MAX_VALUE) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "the compression top_k takes tensors of up to 2^31-1 elements; '" + Text.shown(name) + "' has "
                            + tensor.elements() + ". Use int8");
        }
    }

    private static Header.Entry entry(String name, DType dtype, long begin, long... shape) {
        return new Header.Entry(name, dtype, shape, begin, begin + Tensor.elements(shape) * dtype.bytes());
    }

    static Header header(CompressionScheme scheme, List<Layout> layouts) {
        var entries = new ArrayList<Header.Entry>();
        layouts.forEach(layout -> {
            entries.add(layout.values());
            entries.addAll(layout.more());
        });
        return new Header(entries, Map.of(SCHEME, scheme.title()));
    }

    /**
     * Exactly how long the file of such an update is, in bytes.
     *
     * @param model of the update's structure; its elements are not looked at
     */
    public static long sizeBytes(CompressionScheme scheme, Parameters model) {
        var header = header(scheme, layout(scheme, model));
        long data = header.entries().isEmpty() ? 0 : header.entries().getLast().end();
        return header.encode().length + data;
    }

    /**
     * Compresses {@code trained - global}, of a scheme that keeps its error {@code trained - global + error}, computed in
     * binary64.
     *
     * @param global the model that training began with; vectors that came with it are not looked at
     * @param trained of the same structure, with the vectors that leave; finite
     * @param error what was lost so far, by the model's names, for each tensor that travels compressed, F64 where the model is F64 and else F32; empty: nothing
     * @param out written aside and renamed; a power cut may take it
     * @param errorOut what is lost now, likewise, as {@code error}; only written by a scheme that keeps it
     * @throws FedbiomedException {@code PLAN_FAILED} naming a tensor whose difference is beyond the scheme's range; {@code
     *     DATA_UNFIT} if {@code error} is of another model
     */
    public static void write(
            CompressionScheme scheme,
            Parameters global,
            Parameters trained,
            Parameters error,
            Path out,
            Path errorOut) {
        try {
            new UpdateCompressor(scheme, global, trained, error).write(out, errorOut);
        } catch (IOException e) {
            throw Safetensors.notWritten(out, e);
        }
    }

    /**
     * Writes the model that a compressed update stands for: {@code global + difference}, computed in binary64 and rounded
     * once to each tensor's dtype. Nothing of the update is believed unchecked.
     *
     * @param expected the model that the training began with, and the structure of each vector that comes along
     * @param whose begins an error's text, e.g. {@code the update of hospital-a}
     * @param out written aside, made durable and renamed, with {@code expected}'s metadata
     * @throws FedbiomedException {@code DATA_UNFIT} naming the tensor that is not as the scheme says; as {@link
     *     Safetensors#open}
     */
    public static void restore(CompressionScheme scheme, Parameters expected, Path update, String whose, Path out) {
        try (var came = Safetensors.open(update)) {
            new UpdateRestorer(scheme, expected, came.parameters(), whose).write(out);
        } catch (IOException e) {
            throw Safetensors.notWritten(out, e);
        }
    }

    /** What a node's state keeps of compression; empty for none. */
    public static Parameters errorIn(Parameters state) {
        return Auxiliary.vector(state, ERROR);
    }
}
