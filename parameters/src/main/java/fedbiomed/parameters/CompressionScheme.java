package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.UpdateCompression;
import java.util.Set;

/** What is done to the floating tensors of a model's difference before it travels. */
public sealed interface CompressionScheme {
    /** Rounded to the nearest element of a 16-bit type, ties to even. What is lost is lost. */
    record HalfPrecision(DType dtype) implements CompressionScheme {}

    /**
     * {@code round(x / scale)} with {@code scale = max|x| / 127} of the tensor, in binary32. The error is kept and added
     * to the next difference (Seide et al. 2014, "1-Bit Stochastic Gradient Descent and its Application to Data-Parallel
     * Distributed Training of Speech DNNs"; Karimireddy et al. 2019, "Error Feedback Fixes SignSGD").
     */
    record Int8() implements CompressionScheme {}

    /**
     * The {@code fraction} of a tensor's elements that are largest in magnitude (the earlier of equal ones), in binary32,
     * one at least. The others are kept and added to the next difference (Stich et al. 2018, "Sparsified SGD with Memory").
     */
    record TopK(double fraction) implements CompressionScheme {
        /** Of a tensor of {@code elements}. */
        long count(long elements) {
            return Math.min(elements, Math.max(1, Math.round(fraction * elements)));
        }
    }

    /**
     * The one that is asked for.
     *
     * @throws FedbiomedException {@code UNSUPPORTED} naming what is unknown, missing or out of its range
     */
    static CompressionScheme of(UpdateCompression asked) {
        var scheme = switch (asked.name()) {
            case "bfloat16" -> new HalfPrecision(DType.BF16);
            case "float16" -> new HalfPrecision(DType.F16);
            case "int8" -> new Int8();
            case "top_k" -> new TopK(fraction(asked));
            default ->
                throw refused("no compression is called '" + Text.shown(asked.name())
                        + "'; there are bfloat16, float16, int8 and top_k. Use one of these, or ask for an upgrade of"
                        + " the node");
        };
        var known = scheme instanceof TopK ? Set.of("fraction") : Set.<String>of();
        for (var name : asked.args().values().keySet()) {
            if (!known.contains(name)) {
                throw refused("the compression " + asked.name() + " has no argument '" + Text.shown(name) + "'; "
                        + (known.isEmpty() ? "it takes none" : "it knows " + String.join(", ", known)));
            }
        }
        return scheme;
    }

    private static double fraction(UpdateCompression asked) {
        double fraction;
        try {
            fraction = asked.args().real("fraction", Double.NaN);
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(ErrorCode.UNSUPPORTED, "the compression top_k: " + e.getMessage(), e);
        }
        if (!(fraction > 0 && fraction <= 1)) {
            throw refused("the compression top_k needs 'fraction', a number above 0 and at most 1, e.g. 0.01"
                    + (Double.isNaN(fraction) ? "" : ", not " + fraction));
        }
        return fraction;
    }

    private static FedbiomedException refused(String text) {
        return new FedbiomedException(ErrorCode.UNSUPPORTED, text);
    }

    /** Whether what a round's compression loses is added in the next. */
    default boolean keepsError() {
        return !(this instanceof HalfPrecision);
    }

    /** As experiments name it. */
    default String title() {
        return switch (this) {
            case HalfPrecision(var dtype) -> dtype == DType.BF16 ? "bfloat16" : "float16";
            case Int8() -> "int8";
            case TopK(double fraction) -> "top_k " + fraction;
        };
    }
}
