package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A model's parameters and buffers: an ordered, unmodifiable map from the model's own names ({@code fc1.weight}) to
 * tensors, and string metadata (sorted by key). What a safetensors file holds.
 */
public final class Parameters {
    /** The key of the metadata in a safetensors header: no tensor may bear it. */
    static final String RESERVED_NAME = "__metadata__";
    /** Longest name of a tensor or of a metadata entry, in characters: PyTorch's deepest paths stay under 200. */
    public static final int MAX_NAME_CHARS = 1_000;

    private final SequencedMap<String, Tensor> tensors;
    private final SortedMap<String, String> metadata;

    private Parameters(SequencedMap<String, Tensor> tensors, SortedMap<String, String> metadata) {
        this.tensors = Collections.unmodifiableSequencedMap(tensors);
        this.metadata = Collections.unmodifiableSortedMap(metadata);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** In the order in which they were put, or stand in the file's header. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * The tensor of that name.
     *
     * @throws FedbiomedException DATA_UNFIT naming the tensor, if there is none
     */
    public Tensor get(String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "these parameters have no tensor '" + Text.shown(name) + "'; they have "
                            + Text.shown(String.join(", ", tensors.keySet())));
        }
        return tensor;
    }

    public SequencedSet<String> names() {
        return tensors.sequencedKeySet();
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    /** The same tensors with this metadata instead. */
    public Parameters withMetadata(Map<String, String> metadata) {
        metadata.forEach(Parameters::checkMetadata);
        return new Parameters(tensors, new TreeMap<>(metadata));
    }

    /** Of all tensors together, without the header. */
    public long sizeBytes() {
        return tensors.values().stream().mapToLong(Tensor::sizeBytes).sum();
    }

    /**
     * That {@code other} has the same names, dtypes and shapes, in whatever order.
     *
     * @throws FedbiomedException DATA_UNFIT naming the first tensor that differs, with both dtypes and shapes
     */
    public void requireSameStructure(Parameters other) {
        tensors.forEach((name, mine) -> {
            var theirs = other.tensors.get(name);
            if (theirs == null) {
                throw structureDiffers(name, mine.toString(), "missing");
            }
            if (mine.dtype() != theirs.dtype() || !mine.sameShape(theirs)) {
                throw structureDiffers(name, mine.toString(), theirs.toString());
            }
        });
        for (var name : other.tensors.keySet()) {
            if (!tensors.containsKey(name)) {
                throw structureDiffers(name, "missing", String.valueOf(other.tensors.get(name)));
            }
        }
    }

    private static FedbiomedException structureDiffers(String name, String mine, String theirs) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "the models differ in tensor '" + Text.shown(name) + "': " + mine + " here, " + theirs
                        + " in the other; train every participant with the same plan and model_args");
    }

    private static void checkMetadata(String key, String value) {
        checkName("metadata key", key);
        if (!encodable(value)) {
            throw new IllegalArgumentException("metadata '" + Text.shown(key) + "' is not valid Unicode text");
        }
    }

    private static void checkName(String what, String name) {
        if (name.length() > MAX_NAME_CHARS || !encodable(name)) {
            throw new IllegalArgumentException(what + " '" + Text.shown(name)
                    + "' is not valid Unicode text of at most " + MAX_NAME_CHARS + " characters");
        }
    }

    private static boolean encodable(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Whether order, names, metadata and every bit of every tensor are the same. */
    @Override
    public boolean equals(Object object) {
        return object instanceof Parameters other
                && metadata.equals(other.metadata)
                && tensors.equals(other.tensors)
                && names().stream().toList().equals(other.names().stream().toList());
    }

    @Override
    public int hashCode() {
        return 31 * tensors.hashCode() + metadata.hashCode();
    }

    @Override
    public String toString() {
        return "Parameters" + tensors;
    }

    /** Puts tensors in order. */
    public static final class Builder {
        private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
        private final TreeMap<String, String> metadata = new TreeMap<>();

        private Builder() {}

        /**
         * Puts a tensor after those before it.
         *
         * @throws IllegalArgumentException if the name is taken, reserved, too long or not valid Unicode
         */
        public Builder put(String name, Tensor tensor) {
            checkName("tensor name", name);
            if (name.equals(RESERVED_NAME)) {
                throw new IllegalArgumentException("a tensor cannot be named " + RESERVED_NAME);
            }
            if (tensors.putIfAbsent(name, tensor) != null) {
                throw new IllegalArgumentException("two tensors are named '" + Text.shown(name) + "'");
            }
            return this;
        }

        public Builder metadata(String key, String value) {
            checkMetadata(key, value);
            metadata.put(key, value);
            return this;
        }

        public Parameters build() {
            return new Parameters(new LinkedHashMap<>(tensors), new TreeMap<>(metadata));
        }
    }
}
