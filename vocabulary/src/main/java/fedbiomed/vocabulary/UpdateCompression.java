package fedbiomed.vocabulary;

import java.util.Map;

/**
 * How a trained model travels to the researcher: by its difference to the model that the round began with, with less
 * precision or in part. A node that does not know the name refuses the request.
 *
 * @param name {@code bfloat16}, {@code float16}, {@code int8} or {@code top_k}
 * @param args of {@code top_k}: {@code fraction}
 */
public record UpdateCompression(String name, Args args) {
    public UpdateCompression {
        args = args.asRead();
    }

    /** The upper half of binary32: its range, 8 significant bits. */
    public static UpdateCompression bfloat16() {
        return new UpdateCompression("bfloat16", Args.NONE);
    }

    /** IEEE 754 binary16: 11 significant bits, for differences of 6e-5 to 65,504. */
    public static UpdateCompression float16() {
        return new UpdateCompression("float16", Args.NONE);
    }

    /** Whole numbers of -127 to 127 times a scale of each tensor's own; the rounding error is added in the next round. */
    public static UpdateCompression int8() {
        return new UpdateCompression("int8", Args.NONE);
    }

    /**
     * Of each tensor the elements that differ most; what was left out is added in the next round.
     *
     * @param fraction of a tensor's elements, above 0 and at most 1; one element at least
     */
    public static UpdateCompression topK(double fraction) {
        return new UpdateCompression("top_k", new Args(Map.of("fraction", fraction)));
    }

    @Override
    public String toString() {
        return name + (args.values().isEmpty() ? "" : " " + args.values());
    }
}
