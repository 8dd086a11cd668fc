package fedbiomed.parameters;

/**
 * Vectors that travel with a model: in its file, each a set of tensors of the model's names, dtypes and shapes, under a
 * name of its own. {@code fc1.weight} of the vector {@code control} is {@code auxiliary/control/fc1.weight}. What comes back
 * from nodes this way is only ever used in sums over them.
 */
public final class Auxiliary {
    private static final String PREFIX = "auxiliary/";

    private Auxiliary() {}

    public static String name(String vector, String tensor) {
        return PREFIX + vector + "/" + tensor;
    }

    static boolean is(String name) {
        return name.startsWith(PREFIX);
    }

    /** The model alone, without what travels with it; views of the same tensors. */
    public static Parameters model(Parameters all) {
        var model = Parameters.builder();
        all.tensors().forEach((name, tensor) -> {
            if (!is(name)) {
                model.put(name, tensor);
            }
        });
        return model.build().withMetadata(all.metadata());
    }

    /** The tensors of a vector under the model's names, in the file's order; empty if it does not travel along. */
    public static Parameters vector(Parameters all, String vector) {
        var prefix = name(vector, "");
        var found = Parameters.builder();
        all.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found.build();
    }

    /** {@code all} and a vector that travels with it. */
    public static Parameters with(Parameters all, String vector, Parameters values) {
        var together = Parameters.builder();
        all.tensors().forEach(together::put);
        values.tensors().forEach((name, tensor) -> together.put(name(vector, name), tensor));
        return together.build().withMetadata(all.metadata());
    }

    /** A model's floating tensors: those that have a place in a vector. */
    public static Parameters floating(Parameters model) {
        var floating = Parameters.builder();
        model.tensors().forEach((name, tensor) -> {
            if (tensor.dtype().isFloating()) {
                floating.put(name, tensor);
            }
        });
        return floating.build();
    }
}
