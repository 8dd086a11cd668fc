package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a {@link CompressedUpdate}, tensor by tensor. Used once. */
final class UpdateCompressor {
    private static final int LARGEST_I8 = 127;
    /** Magnitudes from here on are rounded to infinity. */
    private static final float F16_END = 65_520f;

    private static final float BF16_END = Float.intBitsToFloat(0x7F7F_8000);

    private final CompressionScheme scheme;
    private final Parameters global;
    private final Parameters trained;
    private final Parameters error;
    private final float end;
    private final Elements elements = new Elements();
    private final double[] difference = new double[Elements.MAX];
    private final double[] read = new double[Elements.MAX];
    private final double[] kept = new double[Elements.MAX];

    UpdateCompressor(CompressionScheme scheme, Parameters global, Parameters trained, Parameters error) {
        this.scheme = scheme;
        this.global = global;
        this.trained = trained;
        this.error = error;
        this.end = switch (scheme) {
            case CompressionScheme.HalfPrecision(var dtype) -> dtype == DType.BF16 ? BF16_END : F16_END;
            default -> Float.POSITIVE_INFINITY;
        };
    }

    /** One tensor's differences, and where its errors go. */
    private final class Source {
        private final String name;
        private final Tensor before;
        private final Tensor after;
        private final @Nullable Tensor lost;
        private final long elementsInAll;

        Source(String name, Tensor after) {
            this.name = name;
            this.before = global.get(name);
            this.after = after;
            this.lost = error.tensors().get(name);
            this.elementsInAll = after.elements();
        }

        int stretch(long from) {
            return (int) Math.min(Elements.MAX, elementsInAll - from);
        }

        /** The stretch that begins there, to {@link #difference}. @return how many */
        int load(long from) {
            int n = stretch(from);
            elements.load(after.data(), after.dtype(), from, n, difference);
            elements.load(before.data(), before.dtype(), from, n, read);
            for (int i = 0; i < n; i++) {
                difference[i] -= read[i];
            }
            if (lost != null) {
                elements.load(lost.data(), lost.dtype(), from, n, read);
                for (int i = 0; i < n; i++) {
                    difference[i] += read[i];
                }
            }
            for (int i = 0; i < n; i++) {
                // false of a NaN, too
                if (!((float) Math.abs(difference[i]) < end)) {
                    throw beyond();
                }
            }
            return n;
        }

        private FedbiomedException beyond() {
            return new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "training changed tensor '" + Text.shown(name) + "' by more than the compression " + scheme.title()
                            + " can say (" + (end == F16_END ? "65504" : "3.4e38")
                            + "); try a smaller learning rate" + (end == F16_END ? ", or bfloat16" : ""));
        }
    }

    void write(Path out, Path errorOut) throws IOException {
        var places = CompressedUpdate.compressed(trained);
        requireError(places);
        var layouts = CompressedUpdate.layout(scheme, trained);
        var errors = errorHeader(places);
        try (var file = StretchFile.of(out, CompressedUpdate.header(scheme, layouts));
                var keeping = scheme.keepsError() ? StretchFile.of(errorOut, errors) : null) {
            int place = 0;
            int compressed = 0;
            for (var named : trained.tensors().entrySet()) {
                var layout = layouts.get(place++);
                if (!CompressedUpdate.isCompressed(named.getKey(), named.getValue())) {
                    file.copy(named.getValue(), layout.values().begin());
                    continue;
                }
                var source = new Source(named.getKey(), named.getValue());
                var keep = new Keeping(keeping, errors.entries().get(compressed++));
                switch (scheme) {
                    case CompressionScheme.HalfPrecision(var dtype) -> half(source, dtype, layout, file);
                    case CompressionScheme.Int8() -> int8(source, layout, file, keep);
                    case CompressionScheme.TopK _ -> largest(source, layout, file, keep);
                }
            }
            file.rename();
            if (keeping != null) {
                keeping.rename();
            }
        }
    }

    /** Nothing is kept yet, or something for each tensor that travels compressed. */
    private void requireError(Parameters places) {
        if (!error.tensors().isEmpty()) {
            errorLike(places).forEach((name, dtype) -> {
                var lost = error.tensors().get(name);
                var place = places.get(name);
                if (lost == null || lost.dtype() != dtype || !lost.sameShape(place)) {
                    throw new FedbiomedException(
                            ErrorCode.DATA_UNFIT,
                            "what this node kept of the compression of an earlier update is not of this model (tensor '"
                                    + Text.shown(name) + "'); begin a new experiment with this model (initial_model)");
                }
            });
        }
    }

    private static Map<String, DType> errorLike(Parameters places) {
        var dtypes = new LinkedHashMap<String, DType>();
        places.tensors()
                .forEach((name, tensor) -> dtypes.put(name, tensor.dtype() == DType.F64 ? DType.F64 : DType.F32));
        return dtypes;
    }

    private static Header errorHeader(Parameters places) {
        var entries = new ArrayList<Header.Entry>();
        long at = 0;
        for (var named : errorLike(places).entrySet()) {
            var tensor = places.get(named.getKey());
            long end = at + tensor.elements() * named.getValue().bytes();
            entries.add(new Header.Entry(named.getKey(), named.getValue(), tensor.shape(), at, end));
            at = end;
        }
        return new Header(entries, Map.of());
    }

    /** Where a tensor's errors go. */
    private record Keeping(@Nullable StretchFile file, Header.Entry entry) {
        void write(double[] values, int n, long from) throws IOException {
            if (file != null) {
                file.write(
                        values,
                        n,
                        entry.dtype(),
                        entry.begin() + from * entry.dtype().bytes());
            }
        }
    }

    private void half(Source source, DType dtype, CompressedUpdate.Layout layout, StretchFile file) throws IOException {
        for (long from = 0; from < source.elementsInAll; from += Elements.MAX) {
            int n = source.load(from);
            file.write(difference, n, dtype, layout.values().begin() + from * dtype.bytes());
        }
    }

    private void int8(Source source, CompressedUpdate.Layout layout, StretchFile file, Keeping keep)
            throws IOException {
        double greatest = 0;
        for (long from = 0; from < source.elementsInAll; from += Elements.MAX) {
            int n = source.load(from);
            for (int i = 0; i < n; i++) {
                greatest = Math.max(greatest, Math.abs(difference[i]));
            }
        }
        // where it is too small for binary32 nothing is sent, and all of it is kept
        double scale = (float) (greatest / LARGEST_I8);
        var numbers = new byte[Elements.MAX];
        for (long from = 0; from < source.elementsInAll; from += Elements.MAX) {
            int n = source.load(from);
            for (int i = 0; i < n; i++) {
                double whole = scale == 0 ? 0 : Math.rint(difference[i] / scale);
                numbers[i] = (byte) Math.clamp(whole, -LARGEST_I8, LARGEST_I8);
                kept[i] = difference[i] - numbers[i] * scale;
            }
            file.write(numbers, n, layout.values().begin() + from);
            keep.write(kept, n, from);
        }
        file.write(new double[] {scale}, 1, DType.F32, layout.more().getFirst().begin());
    }

    private void largest(Source source, CompressedUpdate.Layout layout, StretchFile file, Keeping keep)
            throws IOException {
        long k = layout.values().shape()[0];
        var selection = new LargestMagnitudes(k);
        for (int pass = 0; pass < LargestMagnitudes.PASSES; pass++) {
            for (long from = 0; from < source.elementsInAll; from += Elements.MAX) {
                selection.count(pass, difference, source.load(from));
            }
            selection.counted(pass);
        }
        var places = new int[Elements.MAX];
        var values = new double[Elements.MAX];
        long sent = 0;
        for (long from = 0; from < source.elementsInAll; from += Elements.MAX) {
            int n = source.load(from);
            int chosen = 0;
            for (int i = 0; i < n; i++) {
                kept[i] = difference[i];
                if (selection.takes(difference[i])) {
                    float value = (float) difference[i];
                    places[chosen] = (int) (from + i);
                    values[chosen++] = value;
                    kept[i] -= value;
                }
            }
            file.write(values, chosen, DType.F32, layout.values().begin() + sent * Float.BYTES);
            file.write(places, chosen, layout.more().getFirst().begin() + sent * Integer.BYTES);
            keep.write(kept, n, from);
            sent += chosen;
        }
    }
}
