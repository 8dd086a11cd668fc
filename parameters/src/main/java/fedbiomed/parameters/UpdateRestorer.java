package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Makes a model of a {@link CompressedUpdate} that a stranger sent. Used once. */
final class UpdateRestorer {
    private final CompressionScheme scheme;
    private final Parameters expected;
    private final Parameters came;
    private final String whose;
    private final List<CompressedUpdate.Layout> layouts;
    private final Elements elements = new Elements();
    private final double[] values = new double[Elements.MAX];
    private final double[] read = new double[Elements.MAX];

    UpdateRestorer(CompressionScheme scheme, Parameters expected, Parameters came, String whose) {
        this.scheme = scheme;
        this.expected = expected;
        this.came = came;
        this.whose = whose;
        this.layouts = CompressedUpdate.layout(scheme, expected);
        requireAsked();
    }

    private void requireAsked() {
        var named = came.metadata().get(CompressedUpdate.SCHEME);
        if (!scheme.title().equals(named)) {
            throw unfit("is not compressed by " + scheme.title() + " as was asked ("
                    + (named == null ? "it names no compression" : "it names '" + Text.shown(named) + "'")
                    + "); ask for an upgrade of the node, or leave compression out");
        }
        var entries = CompressedUpdate.header(scheme, layouts).entries();
        for (var entry : entries) {
            var tensor = came.tensors().get(entry.name());
            if (tensor == null || tensor.dtype() != entry.dtype() || !Arrays.equals(tensor.shape(), entry.shape())) {
                throw unfit("has the tensor '" + Text.shown(entry.name()) + "' as "
                        + (tensor == null ? "missing" : tensor.toString()) + " where " + scheme.title() + " has "
                        + entry.dtype() + Arrays.toString(entry.shape()));
            }
        }
        if (came.tensors().size() != entries.size()) {
            throw unfit("has " + came.tensors().size() + " tensors where " + scheme.title() + " has " + entries.size());
        }
    }

    void write(Path out) throws IOException {
        var header = Header.of(expected);
        try (var file = StretchFile.of(out, header)) {
            for (int i = 0; i < layouts.size(); i++) {
                var target = header.entries().get(i);
                var before = expected.get(target.name());
                var sent = came.get(target.name());
                if (CompressedUpdate.isCompressed(target.name(), before)) {
                    restore(target, before, sent, layouts.get(i), file);
                } else {
                    file.copy(sent, target.begin());
                }
            }
            file.commit();
        }
    }

    private void restore(
            Header.Entry target, Tensor before, Tensor sent, CompressedUpdate.Layout layout, StretchFile file)
            throws IOException {
        var more = layout.more().isEmpty()
                ? sent
                : came.get(layout.more().getFirst().name());
        double scale = scheme instanceof CompressionScheme.Int8() ? scale(target.name(), more) : 1;
        var places = new Places(target.name(), sent, more, before.elements());
        for (long from = 0; from < before.elements(); from += Elements.MAX) {
            int n = (int) Math.min(Elements.MAX, before.elements() - from);
            elements.load(before.data(), before.dtype(), from, n, values);
            switch (scheme) {
                case CompressionScheme.HalfPrecision(var dtype) -> {
                    elements.load(sent.data(), dtype, from, n, read);
                    for (int i = 0; i < n; i++) {
                        values[i] += read[i];
                    }
                }
                case CompressionScheme.Int8() -> {
                    for (int i = 0; i < n; i++) {
                        values[i] += sent.doubleAt(from + i) * scale;
                    }
                }
                case CompressionScheme.TopK _ -> places.add(from, n);
            }
            file.write(
                    values,
                    n,
                    target.dtype(),
                    target.begin() + from * target.dtype().bytes());
        }
        if (scheme instanceof CompressionScheme.TopK) {
            places.requireAllTaken();
        }
    }

    private double scale(String name, Tensor tensor) {
        double scale = tensor.doubleAt(0);
        if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
            throw unfit("has the scale " + scale + " for tensor '" + Text.shown(name)
                    + "'; a scale is finite and not negative");
        }
        return scale;
    }

    /** The places of one tensor's values, in order. */
    private final class Places {
        private final String name;
        private final Tensor sent;
        private final Tensor indices;
        private final long elementsInAll;
        private long next;
        private long last = -1;

        Places(String name, Tensor sent, Tensor indices, long elementsInAll) {
            this.name = name;
            this.sent = sent;
            this.indices = indices;
            this.elementsInAll = elementsInAll;
        }

        /** Those of a stretch. */
        void add(long from, int n) {
            while (next < indices.elements()) {
                long place = indices.data().get(Layouts.I32, next * Integer.BYTES);
                if (place >= from + n && place < elementsInAll) {
                    return;
                }
                if (place <= last || place >= elementsInAll) {
                    throw wrong(place);
                }
                values[(int) (place - from)] += sent.data().get(Layouts.F32, next * Float.BYTES);
                last = place;
                next++;
            }
        }

        void requireAllTaken() {
            if (next < indices.elements()) {
                throw wrong(indices.data().get(Layouts.I32, next * Integer.BYTES));
            }
        }

        private FedbiomedException wrong(long place) {
            return unfit("has the index " + place + " for tensor '" + Text.shown(name) + "' after " + last
                    + "; indices increase, from 0 to " + (elementsInAll - 1));
        }
    }

    private FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, whose + " " + what);
    }
}
